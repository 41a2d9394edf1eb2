import { Refusal } from '../../kernel/index.ts';
import type { Database, Tx } from '../../platform/database/index.ts';
import { type Settlement, type SettlementEvent, SettlementEventSchema, SettlementSchema } from './settlement.ts';

export interface SettlementName {
  billerId: string;
  day: string;
  /** May be left out where a biller has one currency a day. */
  currency?: string;
}

/** Refuses with `settlement.unknown`, or with `settlement.which-currency`. */
export async function findSettlement({ database }: { database: Database }, name: SettlementName): Promise<Settlement> {
  const found = await database.reader.find(SettlementSchema, { where: { ...name }, take: 2 });
  if (found.length > 1) throw new Refusal('settlement.which-currency', { ...name });
  const [settlement] = found;
  if (!settlement) throw new Refusal('settlement.unknown', { ...name });
  return settlement;
}

/** The same, locked. */
export async function lockSettlement(deps: { database: Database }, tx: Tx, name: SettlementName): Promise<Settlement> {
  const { id } = await findSettlement(deps, name);
  const settlement = await tx.lockOne(SettlementSchema, { id });
  if (!settlement) throw new Refusal('settlement.unknown', { ...name });
  return settlement;
}

/** By its id. Refuses with `settlement.not-found`. */
export async function getSettlement({ database }: { database: Database }, id: string): Promise<Settlement> {
  const settlement = await database.reader.findOneBy(SettlementSchema, { id });
  if (!settlement) throw new Refusal('settlement.not-found');
  return settlement;
}

/** Newest day first; `open`: those that still ask for a person. */
export function listSettlements(
  { database }: { database: Database },
  { billerId, limit, open }: { billerId?: string; limit: number; open?: boolean },
): Promise<Settlement[]> {
  const query = database.reader
    .createQueryBuilder(SettlementSchema, 's')
    .orderBy('s.day', 'DESC')
    .addOrderBy('s.billerId', 'ASC')
    .take(limit);
  if (billerId) query.andWhere('s.billerId = :billerId', { billerId });
  if (open) query.andWhere('s.state IN (:...states)', { states: ['drawing', 'drawn-up', 'signed'] });
  return query.getMany();
}

const MOST_EVENTS = 200;

/** Oldest first; of one that was drawn up very often, the newest of them. */
export async function settlementHistory(
  { database }: { database: Database },
  settlementId: string,
): Promise<SettlementEvent[]> {
  const newest = await database.reader.find(SettlementEventSchema, {
    ...{ where: { settlementId }, order: { atMs: 'DESC', id: 'DESC' }, take: MOST_EVENTS },
  });
  return newest.reverse();
}
