import type { Msisdn } from '../../kernel/index.ts';
import type { Database } from '../../platform/database/index.ts';
import { type PayoutBatch, PayoutBatchSchema } from './batch.ts';

/** Who is in a batch and not in the one before, who is paid otherwise, and who has left. */
export interface BatchChanges {
  before: PayoutBatch;
  newcomers: number;
  changed: number;
  leavers: number;
  /** Of both totals; negative: less than before. */
  differenceMinor: bigint;
}

export type ChangeKind = 'newcomer' | 'changed' | 'leaver';

export interface BatchChange {
  msisdn: Msisdn;
  name: string | null;
  /** Null where he is not in it. */
  beforeMinor: bigint | null;
  nowMinor: bigint | null;
}

/** The last batch that was paid for the same purpose: the one that this repeats where it says so. Null: there is none. */
export async function comparableBatch(
  { database }: { database: Database },
  batch: PayoutBatch,
): Promise<PayoutBatch | null> {
  const { reader } = database;
  if (batch.previousId !== null) return reader.findOne(PayoutBatchSchema, { where: { id: batch.previousId } });
  const [row] = await reader.query(
    `SELECT id FROM payout_batch WHERE organisation_id = ? AND purpose = ? AND id <> ? AND created_at <= ?
       AND state IN ('paying', 'paid', 'partly-paid', 'closed') ORDER BY created_at DESC LIMIT 1`,
    [batch.organisationId, batch.purpose, batch.id, batch.createdAtMs],
  );
  return row ? reader.findOne(PayoutBatchSchema, { where: { id: String(row.id) } }) : null;
}

/** As it was agreed to: not what its makers took out of the draft, but what left it since, stopped or taken over, which alone has an event of its own. */
const AGREED_ROWS = `payout_row r WHERE r.batch_id = ? AND (r.state <> 'excluded'
  OR EXISTS (SELECT 1 FROM payout_row_event e WHERE e.row_id = r.id AND e.to_state = 'excluded'))`;
/** By number: what a number gets in all. */
const SUMS = `SELECT r.msisdn AS msisdn, MAX(r.name) AS name, SUM(r.amount_minor) AS total FROM ${AGREED_ROWS} GROUP BY r.msisdn`;
const NOW = `(${SUMS}) now LEFT JOIN (${SUMS}) old ON old.msisdn = now.msisdn`;
const OLD = `(${SUMS}) old LEFT JOIN (${SUMS}) now ON now.msisdn = old.msisdn`;

const FINDING: Readonly<Record<ChangeKind, { from: string; where: string; isOldFirst: boolean }>> = {
  newcomer: { from: NOW, where: 'old.msisdn IS NULL', isOldFirst: false },
  changed: { from: NOW, where: 'old.total <> now.total', isOldFirst: false },
  leaver: { from: OLD, where: 'now.msisdn IS NULL', isOldFirst: true },
};

const idsFor = (batch: PayoutBatch, before: PayoutBatch, isOldFirst: boolean) =>
  isOldFirst ? [before.id, batch.id] : [batch.id, before.id];

/** What differs from the comparable batch, as whoever votes sees it; null when there is nothing to compare with. */
export async function compareBatches(deps: { database: Database }, batch: PayoutBatch): Promise<BatchChanges | null> {
  const before = await comparableBatch(deps, batch);
  if (!before) return null;
  const count = async (kind: ChangeKind): Promise<number> => {
    const { from, where, isOldFirst } = FINDING[kind];
    const ids = idsFor(batch, before, isOldFirst);
    const [row] = await deps.database.reader.query(`SELECT COUNT(*) AS n FROM ${from} WHERE ${where}`, ids);
    return Number(row?.n ?? 0);
  };
  return {
    before,
    newcomers: await count('newcomer'),
    changed: await count('changed'),
    leavers: await count('leaver'),
    differenceMinor: batch.totalMinor - (await agreedTotal(deps, before)),
  };
}

async function agreedTotal({ database }: { database: Database }, { id }: PayoutBatch): Promise<bigint> {
  const [row] = await database.reader.query(`SELECT SUM(r.amount_minor) AS total FROM ${AGREED_ROWS}`, [id]);
  return BigInt(String(row?.total ?? 0));
}

/** The people of one kind of change, by number, some at a time. */
export async function listChanges(
  { database }: { database: Database },
  {
    batch,
    before,
    kind,
    after = '',
    limit,
  }: {
    batch: PayoutBatch;
    before: PayoutBatch;
    kind: ChangeKind;
    after?: string;
    limit: number;
  },
): Promise<BatchChange[]> {
  const { from, where, isOldFirst } = FINDING[kind];
  const own = isOldFirst ? 'old' : 'now';
  const rows: Record<string, unknown>[] = await database.reader.query(
    `SELECT ${own}.msisdn AS msisdn, ${own}.name AS name, old.total AS before_total, now.total AS now_total
     FROM ${from} WHERE ${where} AND ${own}.msisdn > ? ORDER BY ${own}.msisdn LIMIT ?`,
    [...idsFor(batch, before, isOldFirst), after, limit],
  );
  const minor = (value: unknown) => (value === null ? null : BigInt(String(value)));
  return rows.map(({ msisdn, name, before_total, now_total }) => ({
    ...{ msisdn: msisdn as Msisdn, name: name as string | null },
    ...{ beforeMinor: minor(before_total), nowMinor: minor(now_total) },
  }));
}
