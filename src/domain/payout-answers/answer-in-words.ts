import type { Msisdn } from '../../kernel/index.ts';
import { type PayoutBatchDeps, PayoutRowSchema } from '../payout-batches/index.ts';
import { answerQuestion } from './answer-question.ts';
import { findQuestions, type PayoutQuestion, questionsOf } from './find-questions.ts';
import { type AnswerChannel, type AnswerWord, PayoutAnswerSchema } from './payout-answer.ts';

/**
 * noted: the answer of that question is kept. which: several are open, and the words name none. not-yours: this number was not asked
 * about what they name. none: it was asked nothing.
 */
export type AnsweredInWords =
  | { kind: 'noted'; question: PayoutQuestion; answer: AnswerWord }
  | { kind: 'which'; questions: readonly PayoutQuestion[] }
  | { kind: 'not-yours' | 'none' };

/**
 * An answer that may name what it is about, by our reference or the operator's receipt, and may not. It is never guessed at: without a
 * name it belongs to the only question that is open, or to the only one there was. Safe to run twice. Refuses as `answerQuestion`.
 */
export async function answerInWords(
  deps: PayoutBatchDeps,
  given: { msisdn: Msisdn; answer: AnswerWord; reference?: string; channel: AnswerChannel; turnKey: string },
): Promise<AnsweredInWords> {
  const { reference, ...said } = given;
  const before = await notedBefore(deps, given.turnKey);
  if (before) return before;
  const questions = await findQuestions(deps, said);
  if (reference === undefined && questions.length === 0) return { kind: 'none' };
  const chosen = reference === undefined ? onlyOne(questions) : questions.filter((one) => isCalled(one, reference));
  const [question] = chosen;
  if (!question) return { kind: 'not-yours' };
  if (chosen.length > 1) return { kind: 'which', questions: chosen };
  await answerQuestion(deps, { ...said, rowId: question.rowId });
  return { kind: 'noted', question, answer: said.answer };
}

const isCalled = ({ reference, receipt }: PayoutQuestion, name: string) => reference === name || receipt === name;

/** Those that are meant where nothing is named: one that is open, else all. */
function onlyOne(questions: readonly PayoutQuestion[]): readonly PayoutQuestion[] {
  const open = questions.filter(({ answer }) => answer === null);
  return open.length > 0 ? open : questions;
}

/** The same words again: they mean what they meant, however many questions are open by now. */
async function notedBefore(deps: PayoutBatchDeps, turnKey: string): Promise<AnsweredInWords | undefined> {
  const { reader } = deps.database;
  const known = await reader.findOneBy(PayoutAnswerSchema, { turnKey });
  const row = known && (await reader.findOneBy(PayoutRowSchema, { id: known.rowId }));
  const [question] = row ? await questionsOf(deps, [row]) : [];
  return known && question ? { kind: 'noted', question, answer: known.answer } : undefined;
}
