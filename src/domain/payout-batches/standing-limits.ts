import { createHash } from 'node:crypto';
import { In } from 'typeorm';
import type { Tx } from '../../platform/database/index.ts';
import { outdateApproval } from '../approvals/index.ts';
import { rolesOf, StaffMemberSchema } from '../staff/index.ts';
import { makersOfBatch, type PayoutBatch } from './batch.ts';
import type { RowState } from './batch-states.ts';
import { contentHashOf, hashOfRows } from './check-batch.ts';
import type { PayoutBatchDeps } from './deps.ts';
import { countIn } from './make-batch.ts';
import { makersOfSchedule, type PayoutSchedule } from './schedule.ts';
import { standIns } from './stand-ins.ts';

/** A schedule of which each run is approved by people. */
export const NO_STANDING = {
  ...{ standingApprovalId: null, standingMostMinor: null, standingMostRows: null, standingUntilMs: null },
  ...{ standingRecipientsHash: null, standingApprovers: null },
} as const satisfies Partial<PayoutSchedule>;

/** Nobody's vote on it counts any more. */
export async function outdateStanding(deps: PayoutBatchDeps, tx: Tx, schedule: PayoutSchedule): Promise<void> {
  if (schedule.standingApprovalId !== null) await outdateApproval(deps, tx, schedule.standingApprovalId);
}

const HASHED_TOGETHER = 5_000;

interface HashedRow {
  id: string;
  row_no: unknown;
  state: RowState;
  msisdn: string;
  name: string | null;
  amount_minor: unknown;
}

/** SHA-256 of who is paid by a batch, or when it is paid again (`standIns`), by phone and name in whatever order, and of how much when it is to stay the same. */
export async function recipientsHash(
  tx: Tx,
  batch: Pick<PayoutBatch, 'id' | 'organisationId'>,
  amounts: PayoutSchedule['amounts'],
): Promise<string> {
  const lines: string[] = [];
  for (let afterRow = 0; ; ) {
    const rows: HashedRow[] = await tx.manager.query(
      `SELECT id, row_no, state, msisdn, name, amount_minor FROM payout_row
       WHERE batch_id = ? AND row_no > ? ORDER BY row_no LIMIT ${HASHED_TOGETHER}`,
      [batch.id, afterRow],
    );
    const others = await standIns(tx.manager, batch, rows);
    for (const { id, row_no, amount_minor: amountMinor, ...row } of rows) {
      afterRow = Number(row_no);
      const payee = others.get(id) ?? { ...row, amountMinor };
      if (typeof payee === 'string') continue;
      const { msisdn, name } = payee;
      lines.push(JSON.stringify(amounts === 'fixed' ? [msisdn, name, String(payee.amountMinor)] : [msisdn, name]));
    }
    if (rows.length < HASHED_TOGETHER) break;
  }
  const hash = createHash('sha256');
  for (const line of lines.sort()) hash.update(`${line}\n`);
  return hash.digest('hex');
}

/** Someone who agreed, by the role that he had then. */
export interface Approver {
  id: string;
  role: string;
}

/** Why a standing approval does not cover a run; a code of the texts. */
export type StandingFault =
  | 'none'
  | 'undecided'
  | 'paused'
  | 'over'
  | 'total'
  | 'rows'
  | 'recipients'
  | 'rows-changed'
  | 'people-changed';

/**
 * Why it does not cover a run, looked at anew in the rows themselves; undefined: it does. The schedule and the batch are locked, so that
 * nothing of it changes before the commit.
 */
export async function standingFault(
  deps: PayoutBatchDeps,
  tx: Tx,
  schedule: PayoutSchedule,
  batch: PayoutBatch,
): Promise<StandingFault | undefined> {
  const { standingMostMinor, standingMostRows, standingUntilMs, standingApprovers } = schedule;
  if (standingMostMinor === null || standingMostRows === null || standingUntilMs === null) return 'none';
  if (standingApprovers === null) return 'undecided';
  if (schedule.state === 'paused') return 'paused';
  if (deps.runtime.clock.now() >= standingUntilMs) return 'over';
  const made = new Set(makersOfSchedule(schedule));
  if (batch.version !== 1 || makersOfBatch(batch).some((maker) => !made.has(maker))) return 'rows-changed';
  const { rows, totalMinor } = await countIn(tx, batch.id);
  if (totalMinor > standingMostMinor) return 'total';
  if (rows > standingMostRows) return 'rows';
  if ((await recipientsHash(tx, batch, schedule.amounts)) !== schedule.standingRecipientsHash) return 'recipients';
  if (contentHashOf(await hashOfRows(deps.database, batch), batch) !== batch.contentHash) return 'rows-changed';
  if (rows !== batch.rows || totalMinor !== batch.totalMinor) return 'rows-changed';
  return (await mayAllStill(tx, schedule, JSON.parse(standingApprovers))) ? undefined : 'people-changed';
}

/** Whether everybody who agreed could still agree. */
async function mayAllStill(tx: Tx, { organisationId }: PayoutSchedule, approvers: readonly Approver[]) {
  const members = await tx.manager.find(StaffMemberSchema, {
    where: { scope: organisationId, state: 'active', personId: In(approvers.map(({ id }) => id)) },
  });
  const mayStill = ({ id, role }: Approver) =>
    members.some((member) => member.personId === id && rolesOf(member).some((one) => one === role));
  return approvers.length > 0 && approvers.every(mayStill);
}
