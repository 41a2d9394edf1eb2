import { formatDecimal, type Msisdn, maskMsisdn, Refusal } from '../../kernel/index.ts';
import {
  type PayoutBatch,
  type PayoutBatchDeps,
  PayoutBatchSchema,
  type PayoutRow,
  PayoutRowSchema,
  proposeClaim,
} from '../payout-batches/index.ts';
import { type Announcement, announce } from '../webhooks/index.ts';
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
 * last word is the row's; a "no" is proposed as a claim, which people look at. The organisation's system hears the first word and every
 * other one. Refuses with `answer.unknown` and `answer.too-many`.
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
    const id = deps.runtime.ids.next();
    await tx.insert(PayoutAnswerSchema, {
      ...{ id, rowId, batchId: row.batchId, answer, channel, turnKey, atMs },
      replacedAtMs: null,
    });
    await tx.update(PayoutRowSchema, { id: rowId }, { answer, answeredAtMs: atMs });
    const batch = await tx.manager.findOneByOrFail(PayoutBatchSchema, { id: row.batchId });
    const claim = answer === 'no' ? await proposeClaim(deps, tx, row, batch) : null;
    if (answer === row.answer) return;
    const said = { id, answer, atMs, answers: before + 1, claimId: claim?.id ?? null };
    await announce(deps, tx, newsOf(batch, row, said));
  });
}

interface Said {
  id: string;
  answer: AnswerWord;
  atMs: number;
  /** How often the recipient has answered, this time too: webhooks come in any order. */
  answers: number;
  claimId: string | null;
}

/** `row`: as it was before this word. */
function newsOf(
  { id: batchId, number, organisationId }: PayoutBatch,
  row: PayoutRow,
  { id, answer, atMs, answers, claimId }: Said,
): Announcement {
  const { id: rowId, rowNo, reference, msisdn, currency, receipt } = row;
  return {
    ...{ ownerKind: 'organisation', ownerId: organisationId, eventType: 'payout.answered' },
    factKey: `payout.answered:${id}`,
    data: {
      ...{ batchId, batch: number, rowId, row: rowNo, reference, phone: maskMsisdn(msisdn) },
      ...{ amount: formatDecimal(row), currency, receipt, answer, previous: row.answer, answers, claimId },
      answeredAt: new Date(atMs).toISOString(),
    },
  };
}
