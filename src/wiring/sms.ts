import { type IncomingDeps, loadKeywords, type SmsDomain } from '../channels/sms/index.ts';
import { listLinks, lookUpAccount } from '../domain/accounts/index.ts';
import { findCustomer } from '../domain/customers/index.ts';
import { findElsewhere } from '../domain/elsewhere/index.ts';
import { findPayment, requestPayment, sendReceiptAgain } from '../domain/payments/index.ts';
import { answerInWords, findQuestions } from '../domain/payout-answers/index.ts';
import { setRemindersIn } from '../domain/reminders/index.ts';
import { KEYWORDS_FILE } from './menus.ts';
import type { Service } from './service.ts';

/** What answers customers who write. */
export function bindSms({ deps, config }: Pick<Service, 'deps' | 'config'>): IncomingDeps {
  const { country, timeZone, operatorMin } = deps.paymentSettings;
  const { stopNumber } = deps.reminderSettings;
  return {
    ...deps,
    ...{ country, timeZone, currency: operatorMin.currency },
    domain: smsDomain(deps),
    keywords: loadKeywords(KEYWORDS_FILE, deps.texts.languages),
    ownNumbers: [stopNumber.replace(/^\+/, '')].filter((number) => number !== ''),
    repliesPerDay: config.worker.smsRepliesPerDay,
  };
}

function smsDomain(deps: Service['deps']): SmsDomain {
  return {
    findCustomer: (input) => findCustomer(deps, input),
    lookUpAccount: (input) => lookUpAccount(deps, input),
    findElsewhere: (input) => findElsewhere(deps, input),
    listLinks: (input) => listLinks(deps, input),
    requestPayment: ({ msisdn, turnKey, ...input }) =>
      requestPayment(deps, {
        ...input,
        ...{ channel: 'sms', turnKey, sessionKey: turnKey, dialler: msisdn, payer: msisdn },
      }),
    findPayment: (input) => findPayment(deps, input),
    sendReceiptAgain: (input) => sendReceiptAgain(deps, input),
    findQuestions: (input) => findQuestions(deps, input),
    answerQuestion: (input) => answerInWords(deps, { ...input, channel: 'sms' }),
    setReminders: (tx, input) => setRemindersIn(deps, tx, { ...input, source: 'sms' }),
  };
}
