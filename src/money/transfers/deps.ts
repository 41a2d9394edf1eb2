import type { Runtime } from '../../kernel/index.ts';
import type { Database, Tx, UnitOfWork } from '../../platform/database/index.ts';
import type { Inbox } from '../../platform/inbox/index.ts';
import type { Log } from '../../platform/log/index.ts';
import type { Outbox } from '../../platform/outbox/index.ts';
import type { Pace, PaceLimit } from '../../platform/pace/index.ts';
import type { CollectionOperator, PayoutAccount, PayoutOperator } from '../../providers/operators/index.ts';
import type { Transfer } from './transfer.ts';

export interface TransferDeps {
  runtime: Runtime;
  database: Database;
  outbox: Outbox;
  inbox: Inbox;
  log: Log;
  /** Operators by name. */
  operators: ReadonlyMap<string, CollectionOperator>;
  /** Those that pay people, by name; one that is not set up is among them, and is asked for nothing. */
  payoutOperators: ReadonlyMap<string, PayoutOperator>;
  /** Accounts of others that pay people, with their credentials; undefined where there is none of this id any more. */
  findPayoutAccount(id: string): Promise<PayoutAccount | undefined>;
  /** Of whom most payouts are: what is paid of his is taken in with the proof of it, and not as work of its own. */
  paidTaker?: PaidTaker;
  /** Keeps what we ask of an operator within what it takes. */
  pace: Pace;
  transferSettings: TransferSettings;
}

export interface PaidTaker {
  /** Locks what `paid` will ask for, of many; each is what a payout pays. */
  lockFor(work: UnitOfWork, purposeIds: readonly string[]): Promise<void>;
  /** A payout that was undecided is paid, in the transaction that proves it. False: not his, or not as simple, so he is told by work. */
  paid(tx: Tx, payout: Transfer): Promise<boolean>;
}

export interface TransferSettings {
  /** The handset cannot show the prompt while the USSD session is still closing. */
  promptDelayMs: number;
  /** A prompt that could not go out within this time is not sent any more: nobody waits for it. */
  promptMaxAgeMs: number;
  /** After the prompt, when an undecided transfer is asked about. */
  inquiryDelaysMs: readonly number[];
  /** Payouts that an operator takes of us. */
  payoutPace: PaceLimit;
}
