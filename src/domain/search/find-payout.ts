import { In } from 'typeorm';
import { type Transfer, TransferSchema } from '../../money/transfers/index.ts';
import type { Database } from '../../platform/database/index.ts';
import { PayoutBatchSchema, PayoutRowSchema } from '../payout-batches/index.ts';
import type { Reading } from './understand.ts';

/** A row of a batch of an organisation. */
export interface FoundPayout {
  organisationId: string;
  batchId: string;
  rowNo: number;
}

/** The one payout that our reference or the operator's receipt names; undefined where there is none, or several. */
export async function findPayout(
  { database: { reader }, operatorNames }: { database: Database; operatorNames: readonly string[] },
  readings: readonly Reading[],
): Promise<FoundPayout | undefined> {
  const found = await Promise.all(
    readings.map((reading): Promise<Transfer[]> | Transfer[] => {
      if (reading.kind === 'reference') return reader.findBy(TransferSchema, { reference: reading.reference });
      if (reading.kind !== 'receipt') return [];
      return reader.findBy(TransferSchema, { receipt: reading.receipt, operator: In([...operatorNames]) });
    }),
  );
  const rowIds = new Set(found.flat().flatMap(({ route, purposeId }) => (route === 'payout' ? (purposeId ?? []) : [])));
  const [id] = rowIds;
  const row = id !== undefined && rowIds.size === 1 ? await reader.findOneBy(PayoutRowSchema, { id }) : null;
  const batch = row && (await reader.findOneBy(PayoutBatchSchema, { id: row.batchId }));
  return row && batch ? { organisationId: batch.organisationId, batchId: batch.id, rowNo: row.rowNo } : undefined;
}
