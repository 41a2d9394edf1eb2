import type { BillerConnector } from '../../../src/providers/billers/index.ts';

/** What can happen to a request to the biller. */
export type BillerFate = 'answered' | 'lost-answer' | 'http-500' | 'html' | 'hang';

/** A biller's other side, recorded or simulated, that a contract suite drives. */
export interface BillerWorld {
  connector: BillerConnector;
  kind: 'prepaid' | 'postpaid';
  currency: string;
  /** An account that exists; one that does not. */
  account: string;
  missingAccount: string;
  /** An account that is closed. */
  closedAccount: string;
  /** An account whose bookings can never be taken back. */
  usedAccount: string;
  /** The calendar day of the biller on which a payment posted now is booked. */
  today(): string;
  /** Decides what becomes of the requests that follow. */
  arrange(fate: BillerFate): Promise<void>;
  /** The same adapter, pointed at an address where nothing listens. */
  unreachable(): Promise<BillerConnector>;
  stop(): Promise<void>;
}
