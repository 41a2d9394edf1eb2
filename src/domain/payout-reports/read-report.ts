import type { Money, Runtime } from '../../kernel/index.ts';
import { LedgerEntrySchema, LedgerPostingSchema, ledgerAccount } from '../../money/ledger/index.ts';
import type { Database } from '../../platform/database/index.ts';
import { costOf, type PayoutRules } from '../funding/index.ts';
import {
  approvedTotalOf,
  type BatchProgress,
  batchProgress,
  listRows,
  type PayoutBatch,
  type RowView,
} from '../payout-batches/index.ts';

export interface ReportReadDeps {
  runtime: Runtime;
  database: Database;
  payoutRules: PayoutRules;
}

/** What a batch cost: as booked when it closed, before that as far as its rows are paid. */
export interface ReportCost {
  chargesMinor: bigint;
  feeMinor: bigint;
  taxMinor: bigint;
  isBooked: boolean;
}

export interface BatchReport {
  batch: PayoutBatch;
  progress: BatchProgress;
  cost: ReportCost;
  /** What all of its rows got together when it was approved, whoever was taken out since. */
  approvedMinor: bigint;
  /** Each list is read when the one before is taken. */
  rows(): AsyncGenerator<readonly ReportRow[]>;
}

/** A row with what it cost. */
export interface ReportRow extends RowView {
  chargeMinor: bigint;
  feeMinor: bigint;
}

const ROWS_TOGETHER = 500;

export async function readReport(deps: ReportReadDeps, batch: PayoutBatch): Promise<BatchReport> {
  const progress = await batchProgress(deps, batch);
  const paid = progress.byState.paid ?? { rows: 0, totalMinor: 0n };
  const cost = (await bookedCost(deps, batch)) ?? (await costSoFar(deps, batch));
  const approvedMinor = await approvedTotalOf(deps.database, batch);
  return { batch, progress, cost, approvedMinor, rows: () => reportRows(deps, batch, cost.feeMinor, paid.totalMinor) };
}

/** The entry that the closing made: what of it went to the operator, to us and to the state. */
async function bookedCost(
  { database: { reader } }: ReportReadDeps,
  { id, operator, organisationId }: PayoutBatch,
): Promise<ReportCost | undefined> {
  const entry = await reader.findOneBy(LedgerEntrySchema, { kind: 'payout-fees', subjectId: id });
  if (!entry) return undefined;
  const postings = await reader.findBy(LedgerPostingSchema, { entryId: entry.id });
  const credited = (account: string) =>
    postings.filter((one) => one.account === account).reduce((sum, one) => sum - one.amountMinor, 0n);
  return {
    chargesMinor: credited(ledgerAccount.charges(operator)),
    feeMinor: credited(ledgerAccount.income(organisationId)),
    taxMinor: credited(ledgerAccount.tax),
    isBooked: true,
  };
}

async function costSoFar(
  { database, payoutRules }: ReportReadDeps,
  { id, operator }: PayoutBatch,
): Promise<ReportCost> {
  const groups: { amount_minor: unknown; n: unknown }[] = await database.reader.query(
    "SELECT amount_minor, COUNT(*) AS n FROM payout_row WHERE batch_id = ? AND state = 'paid' GROUP BY amount_minor",
    [id],
  );
  const amounts = groups.map(({ amount_minor, n }) => ({ amountMinor: BigInt(String(amount_minor)), rows: Number(n) }));
  const nothing = { chargesMinor: 0n, feeMinor: 0n, taxMinor: 0n };
  const { chargesMinor, feeMinor, taxMinor } = amounts.length > 0 ? costOf(payoutRules, operator, amounts) : nothing;
  return { chargesMinor, feeMinor, taxMinor, isBooked: false };
}

async function* reportRows(
  deps: ReportReadDeps,
  batch: PayoutBatch,
  feeMinor: bigint,
  paidMinor: bigint,
): AsyncGenerator<readonly ReportRow[]> {
  const chargeOf = chargesBy(deps, batch);
  let [soFar, given] = [0n, 0n];
  for (let afterRow: number | undefined = 0; afterRow !== undefined; ) {
    const page = await listRows(deps, { batchId: batch.id, afterRow, limit: ROWS_TOGETHER });
    yield page.rows.map((row): ReportRow => {
      if (row.state !== 'paid') return { ...row, chargeMinor: 0n, feeMinor: 0n };
      soFar += row.amountMinor;
      // More may have been paid since the totals were read.
      const upTo = paidMinor === 0n || soFar > paidMinor ? feeMinor : (feeMinor * soFar) / paidMinor;
      const share = upTo - given;
      given = upTo;
      return { ...row, chargeMinor: chargeOf(row.amountMinor), feeMinor: share };
    });
    afterRow = page.next;
  }
}

const MOST_KEPT = 10_000;

function chargesBy({ payoutRules }: ReportReadDeps, { operator }: PayoutBatch): (amountMinor: bigint) => bigint {
  const known = new Map<bigint, bigint>();
  return (amountMinor) => {
    const kept = known.get(amountMinor);
    if (kept !== undefined) return kept;
    const { chargesMinor } = costOf(payoutRules, operator, [amountMinor]);
    if (known.size < MOST_KEPT) known.set(amountMinor, chargesMinor);
    return chargesMinor;
  };
}

export const moneyIn = ({ currency }: PayoutBatch, amountMinor: bigint): Money => ({ amountMinor, currency });
