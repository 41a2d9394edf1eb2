import { type EntityManager, In, Not } from 'typeorm';
import type { Msisdn } from '../../kernel/index.ts';
import { TransferSchema, type TransferState } from '../../money/transfers/index.ts';
import { MessageSchema } from '../messages/index.ts';
import type { PaymentState } from '../payments/index.ts';
import { BreakSchema } from '../reconciliation/index.ts';
import { RefundSchema } from '../refunds/index.ts';

/** Money is on its way, or owed. */
export const OPEN_PAYMENT: readonly PaymentState[] = [
  ...(['requested', 'held', 'prompting', 'collected', 'suspense', 'refund-due'] as const),
];
export const OPEN_TRANSFER: readonly TransferState[] = ['requested', 'submitted', 'unknown'];

/** Proof of what became of money comes within two business days, as a statement at the latest. */
export const SETTLES_WITHIN_MS = 3 * 86_400_000;

export interface OpenMatters {
  /** References of payments that are not over, the oldest first; a few of many. */
  references: string[];
  /** Messages to him are on their way. */
  isTold: boolean;
}

const SHOWN = 10;
const TOGETHER = 500;

/** What of a person is not over yet: then nobody may forget whose it is. */
export async function openMattersOf(
  reader: EntityManager,
  { msisdn, nowMs }: { msisdn: Msisdn; nowMs: number },
): Promise<OpenMatters> {
  const open = new Map<string, string>();
  for (const role of ['dialler', 'payer'] as const) {
    for (let afterId = '', isMore = true; isMore && open.size < SHOWN; ) {
      const rows: {
        id: string;
        transferId: string | null;
        reference: string;
        isYoung: unknown;
        state: PaymentState;
      }[] = await reader.query(
        `SELECT id, transfer_id AS transferId, reference, state, CASE WHEN created_at > ? THEN 1 ELSE 0 END AS isYoung
           FROM payment WHERE ${role} = ? AND id > ? ORDER BY id LIMIT ${TOGETHER}`,
        [nowMs - SETTLES_WITHIN_MS, msisdn, afterId],
      );
      const kept = await heldBy(reader, rows);
      for (const { id, reference, isYoung, state } of rows) {
        if (OPEN_PAYMENT.includes(state) || Number(isYoung) === 1 || kept.has(id)) open.set(id, reference);
      }
      afterId = rows.at(-1)?.id ?? '';
      isMore = rows.length === TOGETHER;
    }
  }
  const transfers = await reader.find(TransferSchema, {
    where: { payer: msisdn, state: In([...OPEN_TRANSFER]) },
    ...{ select: { id: true, reference: true }, take: SHOWN },
  });
  for (const { id, reference } of transfers) open.set(id, reference);
  const queued = { recipient: msisdn, state: In(['queued', 'sending']) };
  return {
    references: [...new Set(open.values())].slice(0, SHOWN),
    isTold: await reader.existsBy(MessageSchema, queued),
  };
}

/** Those of these payments that a refund, a reversal or a break is still about. */
async function heldBy(
  reader: EntityManager,
  rows: readonly { id: string; transferId: string | null }[],
): Promise<Set<string>> {
  if (rows.length === 0) return new Set();
  const ids = rows.map(({ id }) => id);
  const transferIds = rows.flatMap(({ transferId }) => transferId ?? []);
  const [refunds, breaks, reversals] = await Promise.all([
    reader.findBy(RefundSchema, { paymentId: In(ids), state: In(['proposed', 'agreed', 'granted']) }),
    reader.findBy(BreakSchema, { subjectId: In([...ids, ...transferIds]), state: Not('resolved') }),
    reader.findBy(TransferSchema, { purposeId: In([...ids, ...transferIds]), state: In([...OPEN_TRANSFER]) }),
  ]);
  const named = new Set([
    ...refunds.map(({ paymentId }) => paymentId),
    ...breaks.map(({ subjectId }) => subjectId),
    ...reversals.map(({ purposeId }) => purposeId),
  ]);
  return new Set(rows.filter(({ id, transferId }) => named.has(id) || named.has(transferId ?? '')).map(({ id }) => id));
}
