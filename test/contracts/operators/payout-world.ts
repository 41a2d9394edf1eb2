import type { Msisdn } from '../../../src/kernel/index.ts';
import type { PayoutOperator } from '../../../src/providers/operators/index.ts';

/** What can happen to a payout, whatever the operator's wire. */
export type PayoutFate =
  | 'paid'
  /** The recipient has no account there. */
  | 'not-registered'
  /** The account that pays is empty. */
  | 'float-short'
  | 'credential-refused'
  /** The operator acts on the request and its answer is lost. */
  | 'lost-answer'
  | 'http-500'
  | 'html'
  /** The operator says that we send too fast. */
  | 'pace';

/** The paying side of an operator, recorded or simulated, that a contract suite drives. */
export interface PayoutWorld {
  operator: PayoutOperator;
  recipient: Msisdn;
  /** Decides what becomes of the payouts that follow. */
  arrange(fate: PayoutFate): Promise<void>;
  /** Payment requests that reached the operator since the world began. */
  requests(): Promise<number>;
  /** The body of the result of the payout with this token, when it has come. */
  result(token: string): Promise<unknown>;
  /** The status result for a question asked with this token, when it has come. */
  statusResult(token: string): Promise<unknown>;
  /** The result of the question what the account holds, asked with this token, when it has come. */
  balanceResult(token: string): Promise<unknown>;
  /** The same adapter, pointed at an address where nothing listens. */
  unreachable(): Promise<PayoutOperator>;
  stop(): Promise<void>;
}
