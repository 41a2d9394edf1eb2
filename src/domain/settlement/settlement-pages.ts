import { LessThanOrEqual, MoreThan, type SelectQueryBuilder } from 'typeorm';
import type { Database } from '../../platform/database/index.ts';
import { type Settlement, SettlementSchema } from './settlement.ts';
import { type SettlementLine, SettlementLineSchema } from './settlement-line.ts';
import type { SettlementState } from './settlement-states.ts';

export interface SettlementFilters {
  billerId?: string;
  /** waiting: for somebody to sign it, or to pay it. */
  state?: SettlementState | 'waiting';
  /** First and last day. */
  fromDay?: string;
  toDay?: string;
}

/** The last one of the page before. */
export interface SettlementCursor {
  day: string;
  id: string;
}

interface Reading {
  database: Database;
}

const READ_TOGETHER = 500;

/** Newest day first, a page at a time; `next` is undefined on the last one. */
export async function pageSettlements(
  { database }: Reading,
  filters: SettlementFilters,
  { after, limit }: { after?: SettlementCursor | undefined; limit: number },
): Promise<{ settlements: Settlement[]; next: SettlementCursor | undefined }> {
  const query = filtered(database, filters).orderBy('s.day', 'DESC').addOrderBy('s.id', 'DESC');
  if (after) query.andWhere('s.day <= :day AND (s.day < :day OR s.id < :id)', after);
  const rows = await query.take(limit + 1).getMany();
  const settlements = rows.slice(0, limit);
  const last = settlements.at(-1);
  return { settlements, next: rows.length > limit && last ? { day: last.day, id: last.id } : undefined };
}

/** All of them in the same order, some at a time. */
export async function* eachSettlement(deps: Reading, filters: SettlementFilters): AsyncGenerator<Settlement[]> {
  let after: SettlementCursor | undefined;
  do {
    const { settlements, next } = await pageSettlements(deps, filters, { after, limit: READ_TOGETHER });
    if (settlements.length > 0) yield settlements;
    after = next;
  } while (after);
}

export function countSettlements({ database }: Reading, filters: SettlementFilters): Promise<number> {
  return filtered(database, filters).getCount();
}

function filtered(
  { reader }: Database,
  { billerId, state, fromDay, toDay }: SettlementFilters,
): SelectQueryBuilder<Settlement> {
  const query = reader.createQueryBuilder(SettlementSchema, 's');
  if (billerId) query.andWhere('s.billerId = :billerId', { billerId });
  if (state === 'waiting') {
    // What is signed and owes nothing is carried on by itself.
    const waiting = { both: ['drawn-up', 'signed'], drawn: 'drawn-up', nothing: 0n };
    query.andWhere('s.state IN (:...both) AND (s.state = :drawn OR s.netMinor > :nothing)', waiting);
  } else if (state) query.andWhere('s.state = :state', { state });
  if (fromDay) query.andWhere('s.day >= :fromDay', { fromDay });
  if (toDay) query.andWhere('s.day <= :toDay', { toDay });
  return query;
}

/** The lines of a version in the order in which they were taken in, a page at a time; `next` is the id after which the next begins. */
export async function pageLines(
  { database }: Reading,
  { id, version }: Pick<Settlement, 'id' | 'version'>,
  { after = '', limit }: { after?: string | undefined; limit: number },
): Promise<{ lines: SettlementLine[]; next: string | undefined }> {
  const rows = await database.reader.find(SettlementLineSchema, {
    where: { settlementId: id, sinceVersion: LessThanOrEqual(version), id: MoreThan(after) },
    ...{ order: { id: 'ASC' }, take: limit + 1 },
  });
  const lines = rows.slice(0, limit);
  return { lines, next: rows.length > limit ? lines.at(-1)?.id : undefined };
}
