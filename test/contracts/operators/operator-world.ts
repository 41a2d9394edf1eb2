import type { Money, Msisdn } from '../../../src/kernel/index.ts';
import type { CollectionOperator } from '../../../src/providers/operators/index.ts';

/** What can happen to a prompt, whatever the operator's wire. */
export type PromptFate =
  | 'paid'
  | 'cancelled'
  /** The operator acts on the request and its answer is lost. */
  | 'lost-answer'
  | 'http-500'
  | 'html'
  /** The operator says that it is too busy to take the request. */
  | 'busy';

/** An operator's other side, recorded or simulated, that a contract suite drives. */
export interface OperatorWorld {
  operator: CollectionOperator;
  payer: Msisdn;
  /** Decides what becomes of the prompts that follow. */
  arrange(fate: PromptFate): Promise<void>;
  /** Prompts that reached the operator since the world began. */
  prompts(): Promise<number>;
  /** The body of the callback of the prompt with this token, when it has come. */
  callback(token: string): Promise<unknown>;
  /** A payment straight to the paybill: the confirmation's body. */
  payPaybill(account: string, amount: Money): Promise<unknown>;
  /** The status result for a question asked with this token, when it has come. */
  statusResult(token: string): Promise<unknown>;
  /** The body of the result of the reversal with this token, when it has come. */
  reversalResult(token: string): Promise<unknown>;
  /** The same adapter, pointed at an address where nothing listens. */
  unreachable(): Promise<CollectionOperator>;
  stop(): Promise<void>;
}
