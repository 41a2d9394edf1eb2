import type { z } from 'zod';
import { type Chance, type Clock, formatDecimal } from '../../kernel/index.ts';
import type { BookRecord, TransactionRecord } from '../journal/index.ts';
import { newReceipt } from './receipt.ts';

export interface Transaction {
  receipt: string;
  /** deposit: our own money, put in from the bank. */
  kind: 'collect' | 'paybill' | 'disburse' | 'reverse' | 'deposit';
  msisdn: string;
  amountMinor: bigint;
  currency: string;
  account: string;
  shortCode: string;
  /** Epoch ms. */
  at: number;
  /** Of a reversal: the receipt of what it takes back. Its amount is negative. */
  linkedReceipt?: string | undefined;
  /** Of a payout: what it was asked as. */
  command?: string | undefined;
  /** Of a reversal or a payout that the merchant asked for: by what it may ask about it. */
  conversations?: string[] | undefined;
}

/** The operator's truth: who has how much, and what moved, in the order in which it moved. */
export interface OperatorBooks {
  balanceOf(msisdn: string): bigint;
  setBalance(msisdn: string, balanceMinor: bigint): void;
  /**
   * Moves money from a wallet to the short code, or, when it is negative, from the short code to the wallet; undefined when there is
   * too little. Nothing is awaited in between.
   */
  move(input: Omit<Transaction, 'receipt' | 'at'> & { receipt?: string }): Transaction | undefined;
  newReceipt(): string;
  /** Gives the money of a payment back to its payer. */
  reverse(receipt: string, conversations?: string[]): Transaction | 'unknown' | 'reversed-before';
  /** What took this one back. */
  reversalOf(receipt: string): Transaction | undefined;
  find(receipt: string): Transaction | undefined;
  findByConversation(id: string): Transaction | undefined;
  /** From the first that moved at or after the instant. */
  since(epochMs: number): Iterable<Transaction>;
  all(): readonly Transaction[];
  /** Money from the bank comes to the short code. */
  deposit(amountMinor: bigint, shortCode: string, currency: string): Transaction;
  /** What the short code holds: its Utility Account. Without one, or for any that is nobody's own, what the gateway's hold together. */
  collectedMinor(shortCode?: string): bigint;
  restore(record: BookRecord): void;
  clear(): void;
}

const OPENING_BALANCE_MINOR = 100_000_000n;

/** `isOwn`: short codes that somebody has for himself, whose money is apart from the gateway's. */
export function makeOperatorBooks(
  deps: { clock: Clock; chance: Chance },
  isOwn: (shortCode: string) => boolean = () => false,
): OperatorBooks {
  const { clock, chance } = deps;
  const own = new Map<string, bigint>();
  const heldMinor = (shortCode: string) => (isOwn(shortCode) ? (own.get(shortCode) ?? 0n) : collected);
  const balances = new Map<string, bigint>();
  const transactions: Transaction[] = [];
  const byReceipt = new Map<string, Transaction>();
  const reversals = new Map<string, Transaction>();
  const byConversation = new Map<string, Transaction>();
  let collected = 0n;
  const balanceOf = (msisdn: string) => balances.get(msisdn) ?? OPENING_BALANCE_MINOR;
  const freshReceipt = () => newReceipt(chance, clock.now(), (receipt) => byReceipt.has(receipt));
  const book = (transaction: Transaction) => {
    // The bank is no wallet.
    if (transaction.kind !== 'deposit') {
      balances.set(transaction.msisdn, balanceOf(transaction.msisdn) - transaction.amountMinor);
    }
    transactions.push(transaction);
    byReceipt.set(transaction.receipt, transaction);
    if (transaction.linkedReceipt !== undefined) reversals.set(transaction.linkedReceipt, transaction);
    for (const id of transaction.conversations ?? []) byConversation.set(id, transaction);
    const { shortCode, amountMinor } = transaction;
    if (isOwn(shortCode)) own.set(shortCode, heldMinor(shortCode) + amountMinor);
    else collected += amountMinor;
  };
  return {
    balanceOf,
    setBalance: (msisdn, balanceMinor) => void balances.set(msisdn, balanceMinor),
    move(input) {
      if (balanceOf(input.msisdn) < input.amountMinor || heldMinor(input.shortCode) + input.amountMinor < 0n)
        return undefined;
      const transaction = { ...input, receipt: input.receipt ?? freshReceipt(), at: clock.now() };
      book(transaction);
      return transaction;
    },
    newReceipt: freshReceipt,
    reverse(receipt, conversations) {
      const original = byReceipt.get(receipt);
      // A payout is a claim, and no reversal.
      if (!original || original.amountMinor < 0n || original.kind === 'deposit') return 'unknown';
      if (reversals.has(receipt)) return 'reversed-before';
      const { amountMinor, ...rest } = original;
      const asked = conversations ? { conversations } : {};
      const taken = { kind: 'reverse' as const, amountMinor: -amountMinor, linkedReceipt: receipt, ...asked };
      const transaction = { ...rest, ...taken, receipt: freshReceipt(), at: clock.now() };
      book(transaction);
      return transaction;
    },
    deposit(amountMinor, shortCode, currency) {
      const own = { kind: 'deposit' as const, msisdn: '', account: '', amountMinor, shortCode, currency };
      const transaction = { ...own, receipt: freshReceipt(), at: clock.now() };
      book(transaction);
      return transaction;
    },
    reversalOf: (receipt) => reversals.get(receipt),
    find: (receipt) => byReceipt.get(receipt),
    findByConversation: (id) => byConversation.get(id),
    since: (epochMs) => tailOf(transactions, epochMs),
    all: () => transactions,
    collectedMinor: (shortCode) => (shortCode === undefined ? collected : heldMinor(shortCode)),
    restore(record) {
      if (record.book === 'wallet') balances.set(record.msisdn, BigInt(record.balanceMinor));
      const moved = record.book === 'paybill' || record.book === 'prompt-closed' ? record.transaction : undefined;
      if (moved) book({ ...moved, amountMinor: BigInt(moved.amountMinor) });
    },
    clear() {
      balances.clear();
      transactions.length = 0;
      byReceipt.clear();
      reversals.clear();
      byConversation.clear();
      collected = 0n;
      own.clear();
    },
  };
}

/** Transactions stand in the order of time: the first of the tail is found by halving. */
function* tailOf(transactions: readonly Transaction[], epochMs: number): Iterable<Transaction> {
  let low = 0;
  let high = transactions.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((transactions[middle]?.at ?? 0) < epochMs) low = middle + 1;
    else high = middle;
  }
  for (let index = low; index < transactions.length; index += 1) yield transactions[index] as Transaction;
}

export function recordOf(transaction: Transaction): z.infer<typeof TransactionRecord> {
  return { ...transaction, amountMinor: transaction.amountMinor.toString() };
}

export function decimal(amountMinor: bigint, currency: string): string {
  return formatDecimal({ amountMinor, currency });
}
