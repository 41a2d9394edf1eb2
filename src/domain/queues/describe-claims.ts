import { In } from 'typeorm';
import type { Database } from '../../platform/database/index.ts';
import { OrganisationSchema } from '../organisations/index.ts';
import { PayoutBatchSchema, type PayoutClaim, PayoutRowSchema } from '../payout-batches/index.ts';
import type { QueueItem } from './queue-item.ts';

/** Claims as a queue shows them, in the same order: whose payout it is, which row of which batch, and how much. */
export async function describeClaims(
  { reader }: Database,
  claims: readonly PayoutClaim[],
): Promise<Omit<QueueItem, 'ownerId'>[]> {
  if (claims.length === 0) return [];
  const [rows, batches, organisations] = await Promise.all([
    reader.findBy(PayoutRowSchema, { id: In(claims.map(({ rowId }) => rowId)) }),
    reader.findBy(PayoutBatchSchema, { id: In(unique(claims.map(({ batchId }) => batchId))) }),
    reader.findBy(OrganisationSchema, { id: In(unique(claims.map(({ organisationId }) => organisationId))) }),
  ]);
  const rowOf = new Map(rows.map((row) => [row.id, row]));
  const numberOf = new Map(batches.map(({ id, number }) => [id, number]));
  const nameOf = new Map(organisations.map(({ id, name }) => [id, name]));
  return claims.map(({ id, state, rowId, batchId, organisationId, openedAtMs }) => {
    const row = rowOf.get(rowId);
    const name = `${nameOf.get(organisationId) ?? organisationId}, ${numberOf.get(batchId) ?? batchId}/${row?.rowNo}`;
    return {
      ...{ queue: 'claims', id, paymentId: null, organisationId, name, detail: state },
      ...{ amountMinor: row?.amountMinor ?? null, currency: row?.currency ?? null, sinceMs: openedAtMs },
    };
  });
}

const unique = (ids: readonly string[]): string[] => [...new Set(ids)];
