import type { BreakAction, BreakType } from '../../money/transfers/index.ts';
import type { ReconDay, ReconSide } from './recon-day.ts';
import type { ReconResult } from './recon-result.ts';
import { type ToldSum, writeDetail } from './told-detail.ts';

/** What a person must explain about one result. */
export interface Fault {
  breakType: BreakType;
  subjectId: string;
  side: ReconSide;
  amountMinor: bigint;
  detail: string;
  suggestedAction: BreakAction;
}

/** A result with what is needed to tell it. */
export interface ToldResult extends ReconResult {
  /** Ours, or what the line says in its place. */
  reference: string | null;
  receipt: string | null;
  lineKind: string | null;
  /** Evidence has made a transfer of the line meanwhile. */
  isBooked: boolean;
  /** The money of the transfer was taken back since. */
  isGivenBack: boolean;
}

/** Pure. The breaks of one result; none for what agrees, waits, or was settled by evidence. */
export function faultsOf(result: ToldResult, day: ReconDay, waited: boolean): Fault[] {
  switch (result.subject) {
    case 'transfer':
      return [...operatorFaults(result, day, waited), ...billerFaults(result, day, waited)];
    case 'operator':
      return lineFaults(result, day, waited);
    case 'reversal':
      if (result.isBooked || result.transferId !== null) return [];
      return waited ? [fault(result, day, 'reversal-unmatched', 'operator', 'find-owner')] : [];
    case 'biller':
      return waited && result.resultSet === 'missing-here'
        ? [fault(result, day, 'missing-here', 'biller', 'ask-biller')]
        : [];
  }
}

function operatorFaults(result: ToldResult, day: ReconDay, waited: boolean): Fault[] {
  switch (result.operatorSet) {
    case 'missing': {
      if (!waited || day.operatorCover === 'none') return [];
      const action = day.operatorCover === 'proven' ? 'ask-operator' : 'read-statement';
      return [fault(result, day, 'missing-at-operator', 'operator', action)];
    }
    case 'differs':
      return [fault(result, day, 'differs-at-operator', 'operator', 'ask-operator')];
    case 'twice':
      return [fault(result, day, 'twice-at-operator', 'operator', 'ask-operator')];
    default:
      // Second money has no payment of its own, and its break was opened when it was booked.
      return result.resultSet === 'twice' && result.billerSet !== 'twice' && !result.isGivenBack
        ? [fault(result, day, 'paid-twice', 'operator', 'pay-back')]
        : [];
  }
}

function billerFaults(result: ToldResult, day: ReconDay, waited: boolean): Fault[] {
  switch (result.billerSet) {
    case 'missing':
      return waited && day.billerCover === 'proven'
        ? [fault(result, day, 'missing-at-biller', 'biller', 'ask-biller')]
        : [];
    case 'differs':
      return [fault(result, day, 'differs-at-biller', 'biller', 'correct-amount')];
    case 'twice':
      return [fault(result, day, 'twice-at-biller', 'biller', 'ask-biller')];
    default:
      return [];
  }
}

function lineFaults(result: ToldResult, day: ReconDay, waited: boolean): Fault[] {
  if (result.isBooked) return [];
  if (result.resultSet === 'not-ours') return [fault(result, day, 'not-ours', 'operator', 'explain')];
  return waited ? [fault(result, day, 'missing-here', 'operator', 'find-owner')] : [];
}

function fault(
  result: ToldResult,
  { currency, side: daySide }: ReconDay,
  breakType: BreakType,
  side: ReconSide,
  suggestedAction: BreakAction,
): Fault {
  const { oursMinor, operatorMinor, billerMinor, reference, receipt } = result;
  const sum = (who: ToldSum['who'], amountMinor: bigint | null): ToldSum => ({
    who,
    amount: amountMinor === null ? undefined : { amountMinor, currency },
  });
  const sums = [
    sum('we', oursMinor),
    sum('operator', operatorMinor),
    ...(daySide === 'biller' ? [sum('biller', billerMinor)] : []),
  ];
  const names = [reference, receipt].filter(Boolean).join(' ');
  return {
    breakType,
    subjectId: result.id,
    side,
    amountMinor: oursMinor ?? operatorMinor ?? billerMinor ?? 0n,
    detail: writeDetail({ kind: 'sums', names, sums }),
    suggestedAction,
  };
}
