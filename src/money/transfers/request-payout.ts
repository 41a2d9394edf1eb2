import { createHash } from 'node:crypto';
import {
  invariant,
  type Money,
  type Msisdn,
  newReference,
  Refusal,
  roundUpToMajor,
  sameMoney,
} from '../../kernel/index.ts';
import type { Tx } from '../../platform/database/index.ts';
import type { Turn } from '../../platform/pace/index.ts';
import type { PayoutOperator, PayoutPurpose } from '../../providers/operators/index.ts';
import type { TransferDeps } from './deps.ts';
import { recordTransferEvent } from './move-transfer.ts';
import { blankTransfer } from './request-transfer.ts';
import { transferTopic } from './topics.ts';
import { type Transfer, TransferSchema } from './transfer.ts';

export interface PayoutOrder {
  operator: string;
  /** The one intent that is paid: a row of a list, a refund. It is paid once, however often and by whomever it is asked for. */
  purposeId: string;
  /** Of whole major units, reserved by then: debit whoever pays, credit `reserved`. */
  amount: Money;
  recipient: Msisdn;
  kind: PayoutPurpose;
  /** `first` for what must not wait behind a long list. */
  turn: Turn;
  /** For the operator's own books, 2 to 100 characters. */
  remarks: string;
  /** Intents whose place this one takes: it is paid only while everything that was asked for them is proven to have failed. */
  after?: readonly string[] | undefined;
  /** Of somebody who has an account of his own: it pays, or nothing does. */
  ownAccount?: OwnAccount | undefined;
}

/** By the id its credential is found; the short code is kept with the transfer. */
export interface OwnAccount {
  id: string;
  shortCode: string;
}

/** What the work of sending is told. Amount and recipient are the transfer's. */
export interface PayoutWork {
  transferId: string;
  operator: string;
  /** How often the operator proved that it did not take it. */
  tries: number;
  /** How many of the same intent had failed before it. */
  attempt: number;
  kind: PayoutPurpose;
  turn: Turn;
  remarks: string;
  after?: readonly string[];
}

const MOST_ATTEMPTS = 100;
const MOST_DRAWS = 5;

/**
 * Commits, with the caller's fact, a transfer that pays a person, and the work of asking the operator for it. Undefined when an
 * earlier one of the same intent is not proven to have failed: of two that ask at once one gets through. Refuses
 * (`payout.not-set-up`) when the operator has no account from which people are paid, neither ours nor the one that is named.
 */
export async function requestPayout(deps: TransferDeps, tx: Tx, order: PayoutOrder): Promise<Transfer | undefined> {
  const { amount, operator, purposeId, recipient, kind, turn, remarks, after = [], ownAccount } = order;
  const payer = deps.payoutOperators.get(operator);
  if (!payer || (payer.shortCode === undefined && !ownAccount)) throw new Refusal('payout.not-set-up', { operator });
  invariant(payer.currency === amount.currency, 'a payout in the currency of the operator');
  invariant(amount.amountMinor > 0n && sameMoney(roundUpToMajor(amount), amount), 'operators move whole units');
  invariant(remarks.length >= 2 && remarks.length <= 100, 'remarks that the operator takes');
  const earlier = await lockAll(tx, await payoutsOf(tx, purposeId));
  const replaced = await lockAll(tx, await payoutsOfAll(tx, after));
  if ([...earlier, ...replaced].some(({ state }) => state !== 'failed')) return undefined;
  invariant(earlier.length < MOST_ATTEMPTS, 'a payout is not tried for ever');
  const transfer: Transfer = {
    ...blankTransfer(deps),
    ...{ operator, route: 'payout', purpose: 'payout', purposeId, ...amount, payer: recipient },
    ...(ownAccount ? { ownAccountId: ownAccount.id, ownShortCode: ownAccount.shortCode } : {}),
  };
  if (!(await insertAttempt(tx, transfer, earlier.length))) return undefined;
  const cause = { actor: 'service', reason: `pays ${kind}` };
  await recordTransferEvent(deps, tx, transfer.id, 'none', 'requested', cause);
  const work: PayoutWork = {
    ...{ transferId: transfer.id, operator, tries: 0, attempt: earlier.length },
    ...{ kind, turn, remarks, after },
  };
  await deps.outbox.emit(tx, { topic: transferTopic.payOut, key: transfer.id, payload: { ...work } });
  return transfer;
}

/** What was asked of operators for this intent, oldest first. */
export function payoutsOf(tx: Tx, purposeId: string): Promise<Transfer[]> {
  return tx.findAll(TransferSchema, { route: 'payout', purposeId }, ['createdAtMs', 'id']);
}

export async function payoutsOfAll(tx: Tx, purposeIds: readonly string[]): Promise<Transfer[]> {
  const found: Transfer[] = [];
  for (const id of purposeIds) found.push(...(await payoutsOf(tx, id)));
  return found;
}

/** Proof of money for one of them is either seen here or comes after this commit, and then finds the new attempt. */
async function lockAll(tx: Tx, transfers: readonly Transfer[]): Promise<Transfer[]> {
  const locked: Transfer[] = [];
  for (const { id } of transfers) locked.push((await tx.lockOne(TransferSchema, { id })) as Transfer);
  return locked;
}

/**
 * The reference follows from the intent and the number of the attempt, and is unique in SQL: so two that ask for the same attempt
 * at the same moment meet there, and one of them finds it taken. False: by the other one.
 */
async function insertAttempt(tx: Tx, transfer: Transfer, attempt: number): Promise<boolean> {
  for (let draw = 0; draw < MOST_DRAWS; draw += 1) {
    transfer.reference = referenceOf(`${transfer.purposeId}:${attempt}:${draw}`);
    if (await tx.insertOnce(TransferSchema, transfer)) return true;
    const taken = await tx.findOne(TransferSchema, { reference: transfer.reference });
    if (taken?.route === 'payout' && taken.purposeId === transfer.purposeId) return false;
  }
  throw new Error('no free reference was drawn');
}

function referenceOf(text: string): string {
  const digest = createHash('sha256').update(text).digest();
  return newReference({ fraction: () => 0, bytes: (count) => digest.subarray(0, count) });
}

export function payoutOperatorOf(deps: Pick<TransferDeps, 'payoutOperators'>, name: string): PayoutOperator {
  const operator = deps.payoutOperators.get(name);
  invariant(operator, `no operator ${name} that pays people`);
  return operator;
}
