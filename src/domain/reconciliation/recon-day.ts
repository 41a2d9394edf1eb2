import { EntitySchema } from 'typeorm';
import { column } from '../../platform/database/index.ts';

/**
 * What became of one thing of a day. agrees: operator, we and the biller say the same. missing-here: a line that we have nothing
 * for. missing-at-operator, missing-at-biller: ours, and no line of theirs. differs: amount, currency or account. twice: two lines
 * for one, or second money. reversed: the operator took it back. not-ours: nothing to do with our payments. late: unmatched, and
 * another day or two may bring its line.
 */
export const RESULT_SETS = [
  'agrees',
  'missing-here',
  'missing-at-operator',
  'missing-at-biller',
  'differs',
  'twice',
  'reversed',
  'not-ours',
  'late',
] as const;
export type ResultSet = (typeof RESULT_SETS)[number];

/** biller: payments for one biller. operator: what came or went at one operator and belongs to no biller. */
export type ReconSide = 'operator' | 'biller';

/**
 * matching: being made, nothing of it counts. open: the newest, may be replaced by a newer version. replaced: there is a newer one.
 * signed: a person answers for it, it never changes. adjusted: made after the signature; what it changed is an adjustment in another day.
 */
export type ReconDayState = 'matching' | 'open' | 'replaced' | 'signed' | 'adjusted';

/** none: no statement covers the day. seen: it is covered, and absence proves nothing. proven: a complete statement covers it. */
export type Cover = 'none' | 'seen' | 'proven';

/** One version of what the books of three say about one party's day. */
export interface ReconDay {
  id: string;
  runId: string;
  /** `2026-11-20`: of the operator's time of completion, in the party's time zone. */
  day: string;
  side: ReconSide;
  /** The biller's id or the operator's name. */
  party: string;
  currency: string;
  /** The day's first instant, epoch ms, and the next day's. */
  fromMs: number;
  toMs: number;
  /** From 1; the same inputs make no new one. */
  version: number;
  state: ReconDayState;
  /** Of everything that it was made from. */
  inputHash: string;
  operatorCover: Cover;
  billerCover: Cover;
  startedAtMs: number;
  finishedAtMs: number | null;
  signedBy: string | null;
  signedAtMs: number | null;
}

export const ReconDaySchema = new EntitySchema<ReconDay>({
  name: 'recon_day',
  columns: {
    id: column.id(),
    runId: { ...column.reference(), name: 'run_id' },
    day: column.varchar(10),
    side: column.varchar(8),
    party: column.varchar(24),
    currency: column.currency(),
    fromMs: { ...column.instant(), name: 'from_at' },
    toMs: { ...column.instant(), name: 'to_at' },
    version: column.count(),
    state: column.state(),
    inputHash: { ...column.varchar(64), name: 'input_hash' },
    operatorCover: { ...column.varchar(8), name: 'operator_cover' },
    billerCover: { ...column.varchar(8), name: 'biller_cover' },
    startedAtMs: { ...column.instant(), name: 'started_at' },
    finishedAtMs: { ...column.instant({ nullable: true }), name: 'finished_at' },
    signedBy: { ...column.varchar(64, { nullable: true }), name: 'signed_by' },
    signedAtMs: { ...column.instant({ nullable: true }), name: 'signed_at' },
  },
  indices: [
    { name: 'recon_day_version', columns: ['party', 'day', 'side', 'version'], unique: true },
    { name: 'recon_day_run', columns: ['runId'] },
    { name: 'recon_day_state', columns: ['state', 'day'] },
  ],
});

/** How many things of a version are in one set, and what each of the three says they are worth. */
export interface ReconTotal {
  id: string;
  reconDayId: string;
  resultSet: ResultSet;
  items: number;
  oursMinor: bigint;
  operatorMinor: bigint;
  billerMinor: bigint;
}

export const ReconTotalSchema = new EntitySchema<ReconTotal>({
  name: 'recon_total',
  columns: {
    id: column.id(),
    reconDayId: { ...column.reference(), name: 'recon_day_id' },
    resultSet: { ...column.varchar(24), name: 'result_set' },
    items: column.count(),
    oursMinor: { ...column.amountMinor(), name: 'ours_minor' },
    operatorMinor: { ...column.amountMinor(), name: 'operator_minor' },
    billerMinor: { ...column.amountMinor(), name: 'biller_minor' },
  },
  indices: [{ name: 'recon_total_set', columns: ['reconDayId', 'resultSet'], unique: true }],
});

/** What new inputs changed in a day that was signed: counted in another, open day. Differences, so they can be negative. */
export interface ReconAdjustment {
  id: string;
  /** The open day in which it counts. */
  intoDay: string;
  side: ReconSide;
  party: string;
  currency: string;
  /** The signed day, and the version made after its signature. */
  ofDay: string;
  ofReconDayId: string;
  resultSet: ResultSet;
  items: number;
  oursMinor: bigint;
  operatorMinor: bigint;
  billerMinor: bigint;
  atMs: number;
}

export const ReconAdjustmentSchema = new EntitySchema<ReconAdjustment>({
  name: 'recon_adjustment',
  columns: {
    id: column.id(),
    intoDay: { ...column.varchar(10), name: 'into_day' },
    side: column.varchar(8),
    party: column.varchar(24),
    currency: column.currency(),
    ofDay: { ...column.varchar(10), name: 'of_day' },
    ofReconDayId: { ...column.reference(), name: 'of_recon_day_id' },
    resultSet: { ...column.varchar(24), name: 'result_set' },
    items: column.count(),
    oursMinor: { ...column.amountMinor(), name: 'ours_minor' },
    operatorMinor: { ...column.amountMinor(), name: 'operator_minor' },
    billerMinor: { ...column.amountMinor(), name: 'biller_minor' },
    atMs: { ...column.instant(), name: 'at' },
  },
  indices: [
    { name: 'recon_adjustment_set', columns: ['ofReconDayId', 'resultSet'], unique: true },
    { name: 'recon_adjustment_day', columns: ['intoDay', 'party'] },
  ],
});
