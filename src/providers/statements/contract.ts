/** What a line of somebody's statement says happened. */
export type LineKind = 'payment' | 'payout' | 'charge' | 'reversal' | 'other';

/**
 * How it is known that no line is missing. balance-chain: each running balance follows from the one before.
 * control-totals: count and sum as the sender gave them. whole-day: the sender's interface promises a whole day. none: what is
 * there is true, what is not there proves nothing (a pull).
 */
export type StatementProof = 'balance-chain' | 'control-totals' | 'whole-day' | 'none';

/** One line as it was read. Texts are without control characters and not longer than their columns. */
export interface ReadLine {
  /** Of the file, from 1; of an interface, its position. */
  lineNo: number;
  kind: LineKind;
  atMs: number;
  /** The operator's receipt, or the biller's own reference. */
  receipt?: string | undefined;
  /** What may be our reference. */
  reference?: string | undefined;
  account?: string | undefined;
  /** Signed: what we gained is positive. */
  amountMinor: bigint;
  currency: string;
  payer?: string | undefined;
  maskedPayer?: string | undefined;
  /** The receipt of the line that this one reverses or belongs to. */
  linkedReceipt?: string | undefined;
  detail: string;
}

/** A row that could not be read; the rows after it are read all the same. */
export interface ReadFault {
  lineNo: number;
  column?: string;
  reason: string;
}

export interface ReadBatch {
  lines: ReadLine[];
  faults: ReadFault[];
}

/** What is known once the last line was read. */
export interface ReadingEnd {
  proof: StatementProof;
  /** What it covers, epoch ms: from the first instant up to, not including, the second. Undefined: nothing is promised. */
  fromMs?: number | undefined;
  toMs?: number | undefined;
  /** The running balance after the last line, where the statement carries balances. */
  closingMinor?: bigint | undefined;
}

/**
 * Reads one statement from its beginning, some lines at a time, and says at its end what proves it whole. Throws
 * `StatementRefused` for a statement that cannot be believed, with the place where it goes wrong.
 */
export type StatementReading = AsyncGenerator<ReadBatch, ReadingEnd>;

/** The statement is not one, is not whole, or contradicts itself. Its message is for staff and names the place. */
export class StatementRefused extends Error {
  override readonly name = 'StatementRefused';
}

export const READ_TOGETHER = 1_000;
