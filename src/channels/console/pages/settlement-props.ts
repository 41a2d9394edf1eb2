import type { Break } from '../../../domain/reconciliation/index.ts';
import type {
  FloatTieOut,
  LyingFile,
  Settlement,
  SettlementEvent,
  SettlementLine,
  Verified,
} from '../../../domain/settlement/index.ts';
import type { Desk, Visit } from '../visit.ts';

export interface SettlementFilesShown {
  /** Lines and page, and what proves them. */
  own: readonly LyingFile[];
  /** What finance pays by. */
  payout: readonly LyingFile[];
  /** Undefined where nobody looked: there are none, or they are large. */
  verified: Verified | undefined;
}

export interface SettlementPageProps {
  desk: Desk;
  visit: Visit;
  settlement: Settlement;
  /** Undefined where there can be none. */
  files: SettlementFilesShown | undefined;
  lines: { lines: readonly SettlementLine[]; next: string | undefined };
  tieOuts: readonly FloatTieOut[];
  /** Of that day, at the biller and the operators. */
  breaks: readonly Break[];
  /** Oldest first. */
  events: readonly SettlementEvent[];
  /** Why what was just tried could not be done. */
  fault?: string | undefined;
  note?: string | undefined;
}
