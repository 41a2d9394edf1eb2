import { In, IsNull, LessThan, Not } from 'typeorm';
import type { Msisdn } from '../../kernel/index.ts';
import type { Database } from '../../platform/database/index.ts';
import { OrganisationSchema } from '../organisations/index.ts';
import { PayoutBatchSchema, type PayoutRow, PayoutRowSchema } from './batch.ts';

/** A row that was handed to the operator, and whose it is. */
export interface PayoutTo extends PayoutRow {
  organisationId: string;
  organisation: string;
}

/** What organisations have paid to a number, or tried to, and what changed last before an instant, the newest first; what is only prepared is nobody's business yet. */
export async function payoutsTo(
  { database: { reader } }: { database: Database },
  { msisdn, beforeMs, limit }: { msisdn: Msisdn; beforeMs: number; limit: number },
): Promise<PayoutTo[]> {
  const rows = await reader.find(PayoutRowSchema, {
    where: { msisdn, transferId: Not(IsNull()), changedAtMs: LessThan(beforeMs) },
    ...{ order: { changedAtMs: 'DESC', id: 'DESC' }, take: limit },
  });
  if (rows.length === 0) return [];
  const batches = await reader.findBy(PayoutBatchSchema, { id: In(rows.map(({ batchId }) => batchId)) });
  const ownerOf = new Map(batches.map(({ id, organisationId }) => [id, organisationId]));
  const organisations = await reader.findBy(OrganisationSchema, { id: In([...new Set(ownerOf.values())]) });
  const nameOf = new Map(organisations.map(({ id, name }) => [id, name]));
  return rows.flatMap((row) => {
    const organisationId = ownerOf.get(row.batchId);
    return organisationId === undefined
      ? []
      : [{ ...row, organisationId, organisation: nameOf.get(organisationId) ?? organisationId }];
  });
}
