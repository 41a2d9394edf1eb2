import { readText, type StoredItem, storeMoney } from '../menus/index.ts';
import type { QuestionView } from '../ussd-domain.ts';
import type { Action } from './action.ts';
import { askPin } from './ask-pin.ts';

/** As many as one screen or two can tell apart. */
const SHOWN_QUESTIONS = 5;
const ANSWERED = { yes: 'came', no: 'missing' } as const;
const ABOUT_ONE = ['questionId', 'organisation', 'amount', 'paidAt', 'reference', 'answered'] as const;

/** Money about which an organisation has its recipients asked. */
export const listQuestions: Action = {
  name: 'list-questions',
  reads: [],
  mayRead: ['unlocked'],
  outcomes: { none: [], one: [...ABOUT_ONE], many: ['questions'], pin: [], locked: ['lockedUntil'] },
  async run(context) {
    const asked = await askPin(context);
    if (asked) return asked;
    const { domain, msisdn } = context;
    const questions = (await domain.findQuestions({ msisdn })).slice(0, SHOWN_QUESTIONS);
    const [only, another] = questions;
    if (!only) return { outcome: 'none' };
    if (another) return { outcome: 'many', set: { questions: questions.map(itemOf) } };
    const { id, ...rest } = itemOf(only);
    return { outcome: 'one', set: { questionId: id as string, ...rest } };
  },
};

function itemOf({ rowId, organisation, amount, paidAtMs, reference, answer }: QuestionView): StoredItem {
  return {
    ...{ id: rowId, organisation, amount: storeMoney(amount), paidAt: paidAtMs, reference },
    answered: answer === null ? 'none' : ANSWERED[answer],
  };
}

export const answerQuestion: Action = {
  name: 'answer-question',
  reads: ['questionId'],
  params: ['answer'],
  outcomes: { noted: [] },
  refusals: { 'answer.unknown': {}, 'answer.too-many': { most: 'count' } },
  async run({ domain, msisdn, variables, params, turnKey }) {
    const answer = params.answer === 'yes' ? 'yes' : 'no';
    await domain.answerQuestion({ msisdn, rowId: readText(variables, 'questionId'), answer, turnKey });
    return { outcome: 'noted' };
  },
};
