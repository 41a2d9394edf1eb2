import {
  type FloatFigures,
  floatFigures,
  funnel,
  type HourOfState,
  type MessageCost,
  messageCosts,
  paymentsByHour,
  paymentsByParty,
  type ReceiptWaits,
  receiptWaits,
  type ShareOfPayments,
  type Sum,
  successRate,
} from '../../../domain/reports/index.ts';
import { minorDigits } from '../../../kernel/index.ts';
import { PAYMENT_TONES, type Tone } from '../tones.ts';
import type { Desk } from '../visit.ts';
import { type DashboardFilters, slotsOf } from './period.ts';

/** Payments of an hour or a day. */
export interface Slot {
  atMs: number;
  /** Of all that fit. */
  payments: number;
  byTone: Readonly<Record<Tone, number>>;
  /** Of those that were paid; with a state chosen, of those in it. */
  amountMinor: bigint;
}

export interface DashboardFigures {
  slots: Slot[];
  total: Sum;
  success: ReturnType<typeof successRate>;
  shares: ShareOfPayments[];
  waits: ReceiptWaits;
  messages: MessageCost[];
  sessions: Awaited<ReturnType<typeof funnel>>;
  floats: FloatFigures[];
}

export async function dashboardFigures(desk: Desk, filters: DashboardFilters): Promise<DashboardFigures> {
  const { domain } = desk.deps;
  const { state: _, ...ofAllStates } = filters;
  const [slots, shares, waits, messages, sessions, floats] = await Promise.all([
    slotFigures(desk, filters),
    paymentsByParty(domain, ofAllStates),
    receiptWaits(domain, filters),
    messageCosts(domain, filters),
    funnel(domain, filters),
    floatFigures(domain, domain.operatorNames),
  ]);
  const total = {
    payments: slots.reduce((sum, { payments }) => sum + payments, 0),
    amountMinor: slots.reduce((sum, { amountMinor }) => sum + amountMinor, 0n),
  };
  return { slots, total, success: successRate(shares), shares, waits, messages, sessions, floats };
}

export async function slotFigures(desk: Desk, filters: DashboardFilters): Promise<Slot[]> {
  const rows = await paymentsByHour(desk.deps.domain, filters);
  const starts = slotsOf(desk, filters);
  const slots = starts.map((atMs) => ({
    atMs,
    payments: 0,
    byTone: { good: 0, bad: 0, wait: 0, quiet: 0 },
    amountMinor: 0n,
  }));
  let index = 0;
  for (const row of rows) {
    while ((starts[index + 1] ?? Number.POSITIVE_INFINITY) <= row.hourMs) index += 1;
    const slot = slots[index];
    if (slot) addTo(slot, row, filters);
  }
  return slots;
}

function addTo(slot: Slot, row: HourOfState, { state }: DashboardFilters): void {
  const { payments, amountMinor } = row;
  const tone = PAYMENT_TONES[row.state];
  slot.payments += payments;
  slot.byTone = { ...slot.byTone, [tone]: slot.byTone[tone] + payments };
  if (state !== undefined || row.state === 'posted') slot.amountMinor += amountMinor;
}

/** By one of biller, operator or state: the most first. Value is of what was paid, by state of each. */
export function sharesBy(
  shares: readonly ShareOfPayments[],
  by: 'billerId' | 'operator' | 'state',
  { state }: DashboardFilters,
): { id: string; payments: number; amountMinor: bigint; success: ReturnType<typeof successRate> }[] {
  const ids = [...new Set(shares.map((share) => share[by]))];
  return ids
    .map((id) => {
      const all = shares.filter((share) => share[by] === id);
      const fitting = state === undefined ? all : all.filter((share) => share.state === state);
      const valued =
        by === 'state' || state !== undefined ? fitting : fitting.filter((share) => share.state === 'posted');
      return {
        id,
        payments: fitting.reduce((sum, { payments }) => sum + payments, 0),
        amountMinor: valued.reduce((sum, { amountMinor }) => sum + amountMinor, 0n),
        success: successRate(all),
      };
    })
    .filter(({ payments }) => payments > 0)
    .sort((one, other) => other.payments - one.payments || (one.id < other.id ? -1 : 1));
}

/** Ten-thousandths as minor units, rounded half up: what messages cost is told in fractions of a cent. */
export function costMinor({ currency, costE4 }: Pick<MessageCost, 'currency' | 'costE4'>): bigint {
  const unit = 10n ** BigInt(4 - minorDigits(currency));
  return (costE4 + unit / 2n) / unit;
}

/** Waits in steps that a person tells apart, in seconds: up to and not including. */
export const WAIT_STEPS_S = [5, 10, 15, 20, 30, 45, 60, 120, 300, 600] as const;

export function waitsInSteps({ steps }: ReceiptWaits): number[] {
  const counts = [...WAIT_STEPS_S, Number.POSITIVE_INFINITY].map(() => 0);
  for (const { fromS, receipts } of steps) {
    const index = WAIT_STEPS_S.findIndex((belowS) => fromS < belowS);
    const at = index < 0 ? WAIT_STEPS_S.length : index;
    counts[at] = (counts[at] ?? 0) + receipts;
  }
  return counts;
}
