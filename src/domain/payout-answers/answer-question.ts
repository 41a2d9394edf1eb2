import { type Msisdn, Refusal } from '../../kernel/index.ts';
import { type PayoutBatchDeps, PayoutBatchSchema, PayoutRowSchema, proposeClaim } from '../payout-batches/index.ts';
import { askedSince } from './find-questions.ts';
import { type AnswerChannel, type AnswerWord, PayoutAnswerSchema } from './payout-answer.ts';

/** A row's recipient may change his mind; who does it more often than this plays. */
const MOST_ANSWERS = 20;

export interface NewAnswer {
  msisdn: Msisdn;
  rowId: string;
  answer: AnswerWord;
  channel: AnswerChannel;
  /** Of what he wrote or typed: the same again is answered as before, and changes nothing. */
  turnKey: string;
}

/**
 * The recipient says whether the money came. Only from the number that was paid, only of what was paid by proof and asked about. The
 * last word is the row's; a "no" is proposed as a claim, which people look at. Refuses with `answer.unknown` and `answer.too-many`.
 */
export async function answerQuestion(deps: PayoutBatchDeps, given: NewAnswer): Promise<void> {
  const { msisdn, rowId, answer, channel, turnKey } = given;
  await deps.database.transaction(async (tx) => {
    const row = await tx.lockOne(PayoutRowSchema, { id: rowId });
    const isAsked = row?.askedAtMs != null && row.askedAtMs > askedSince(deps);
    if (!row || row.msisdn !== msisdn || row.state !== 'paid' || !isAsked) throw new Refusal('answer.unknown');
    if (await tx.findOne(PayoutAnswerSchema, { turnKey })) return;
    const before = await tx.manager.countBy(PayoutAnswerSchema, { rowId });
    if (before >= MOST_ANSWERS) throw new Refusal('answer.too-many', { most: MOST_ANSWERS });
    const atMs = deps.runtime.clock.now();
    await tx.manager.query('UPDATE payout_answer SET replaced_at = ? WHERE row_id = ? AND replaced_at IS NULL', [
      ...[atMs, rowId],
    ]);
    await tx.insert(PayoutAnswerSchema, {
      ...{ id: deps.runtime.ids.next(), rowId, batchId: row.batchId, answer, channel, turnKey, atMs },
      replacedAtMs: null,
    });
    await tx.update(PayoutRowSchema, { id: rowId }, { answer, answeredAtMs: atMs });
    const batch = answer === 'no' ? await tx.findOne(PayoutBatchSchema, { id: row.batchId }) : null;
    if (batch) await proposeClaim(deps, tx, row, batch);
  });
}
