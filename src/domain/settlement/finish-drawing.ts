import { In } from 'typeorm';
import type { Tx } from '../../platform/database/index.ts';
import { BreakSchema } from '../reconciliation/index.ts';
import type { SettlementDeps } from './deps.ts';
import { moveSettlement } from './move-settlement.ts';
import { type Settlement, SettlementSchema } from './settlement.ts';
import type { SettlementLineKind } from './settlement-line.ts';
import { settlementTopic } from './topics.ts';

type Sums = Pick<
  Settlement,
  | 'payments'
  | 'lines'
  | 'collectedMinor'
  | 'reversedMinor'
  | 'adjustedMinor'
  | 'carriedMinor'
  | 'feesMinor'
  | 'netMinor'
>;

/** Adds a settlement up, makes it a version that can be signed, and has its files written: one commit. */
export async function finishDrawing(deps: SettlementDeps, tx: Tx, id: string): Promise<Settlement | undefined> {
  const settlement = await tx.lockOne(SettlementSchema, { id });
  if (settlement?.state !== 'drawing') return undefined;
  const version = settlement.version + 1;
  const sums = await addUp(tx, settlement);
  const openBreaks = await tx.manager.countBy(BreakSchema, { state: In(['open', 'proposed']) });
  const drawnUpAtMs = deps.runtime.clock.now();
  const cause = { actor: 'service', reason: `version ${version}: ${sums.lines} lines, net ${sums.netMinor}` };
  const drawn = await moveSettlement(deps, tx, settlement, 'drawn-up', cause, {
    ...sums,
    version,
    openBreaks,
    drawnUpAtMs,
  });
  const payload = { settlementId: id, version };
  await deps.outbox.emit(tx, { topic: settlementTopic.files, key: `${id}:${version}`, payload });
  return drawn;
}

const ADD_UP = `SELECT line_kind, CASE WHEN own_day = ? THEN 1 ELSE 0 END AS is_own, COUNT(*) AS items,
  SUM(amount_minor) AS amount, SUM(fee_minor) AS fee FROM settlement_line WHERE settlement_id = ? GROUP BY line_kind, is_own`;

interface Group {
  line_kind: SettlementLineKind;
  is_own: unknown;
  items: unknown;
  amount: unknown;
  fee: unknown;
}

async function addUp(tx: Tx, { id, day }: Settlement): Promise<Sums> {
  const sums: Sums = {
    payments: 0,
    lines: 0,
    collectedMinor: 0n,
    reversedMinor: 0n,
    adjustedMinor: 0n,
    carriedMinor: 0n,
    feesMinor: 0n,
    netMinor: 0n,
  };
  for (const group of (await tx.manager.query(ADD_UP, [day, id])) as Group[]) {
    const [amount, fee, items] = [BigInt(String(group.amount)), BigInt(String(group.fee)), Number(group.items)];
    sums.lines += items;
    if (group.line_kind === 'collected') sums.payments += items;
    sums[columnOf(group.line_kind, Number(group.is_own) === 1)] += amount;
    sums.feesMinor += fee;
    sums.netMinor += amount - fee;
  }
  return sums;
}

function columnOf(kind: SettlementLineKind, isOwn: boolean) {
  if (kind === 'carried') return 'carriedMinor';
  if (!isOwn) return 'adjustedMinor';
  return kind === 'collected' ? 'collectedMinor' : 'reversedMinor';
}
