import { In } from 'typeorm';
import { TransferSchema } from '../../money/transfers/index.ts';
import type { Database } from '../../platform/database/index.ts';
import { PaymentSchema } from '../payments/index.ts';
import { RefundSchema } from '../refunds/index.ts';

/** How much a transfer, payment or refund is about, and under which reference people know it. */
export interface SubjectWords {
  reference: string;
  amountMinor: bigint;
  currency: string;
}

/** What breaks are about, by the id of their subjects. What is about something else (a line, a day, a message) is not in it. */
export async function describeSubjects(
  { reader }: Database,
  subjectIds: readonly string[],
): Promise<ReadonlyMap<string, SubjectWords>> {
  if (subjectIds.length === 0) return new Map();
  const where = { id: In([...new Set(subjectIds)]) };
  const select = { id: true, reference: true, amountMinor: true, currency: true } as const;
  const [transfers, payments, refunds] = await Promise.all([
    reader.find(TransferSchema, { where, select }),
    reader.find(PaymentSchema, { where, select }),
    reader.find(RefundSchema, { where, select: { id: true, paymentId: true, amountMinor: true, currency: true } }),
  ]);
  const paid =
    refunds.length === 0
      ? []
      : await refundedOf(
          reader,
          refunds.map(({ paymentId }) => paymentId),
        );
  const referenceOf = new Map(paid.map(({ id, reference }) => [id, reference]));
  const ofRefunds = refunds.map(({ id, paymentId, amountMinor, currency }) => ({
    ...{ id, reference: referenceOf.get(paymentId) ?? '', amountMinor, currency },
  }));
  return new Map(
    [...transfers, ...payments, ...ofRefunds].map(({ id, reference, amountMinor, currency }) => [
      id,
      { reference, amountMinor, currency },
    ]),
  );
}

const refundedOf = (reader: Database['reader'], ids: readonly string[]) =>
  reader.find(PaymentSchema, { where: { id: In([...new Set(ids)]) }, select: { id: true, reference: true } });
