import type { ActionSpecs } from '../menus/index.ts';
import { linkAccount, listAccounts, renameLink, unlink } from './accounts.ts';
import type { Action } from './action.ts';
import { checkAmount, checkPayer, findElsewhere, lookUpAccount, requestPayment } from './pay.ts';
import { listPayments, openPayment, sendReceipt } from './payments.ts';
import { openReminders, openRequests, setLanguage, setReminders, setRequests } from './preferences.ts';
import { answerQuestion, listQuestions } from './questions.ts';
import { checkPin, keepPin, openPin, removePin, setPin } from './service-pin.ts';

export type { Action, ActionContext, ActionResult } from './action.ts';
export { PAYMENT_VARIABLES, paymentVariables } from './payment-variables.ts';

/** Every action that a menu may run, by name. */
export const ACTIONS: Readonly<Record<string, Action>> = Object.fromEntries(
  [
    ...[lookUpAccount, findElsewhere, checkAmount, checkPayer, requestPayment],
    ...[listAccounts, linkAccount, renameLink, unlink],
    ...[checkPin, openPin, keepPin, setPin, removePin],
    ...[listPayments, openPayment, sendReceipt],
    ...[listQuestions, answerQuestion],
    ...[setLanguage, openRequests, setRequests, openReminders, setReminders],
  ].map((action) => [action.name, action]),
);

export const ACTION_SPECS: ActionSpecs = ACTIONS;
