import { z } from 'zod';
import { type Money, parseMoney, Refusal, type Runtime } from '../../kernel/index.ts';
import type { Database, Tx } from '../../platform/database/index.ts';
import type { Biller, BillerCatalogue } from '../billers/index.ts';
import { type ElsewherePayment, ElsewherePaymentSchema } from './elsewhere-payment.ts';

export interface ElsewhereDeps {
  runtime: Runtime;
  database: Database;
  billers: BillerCatalogue;
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what it refuses
const PLAIN = /^[^\u0000-\u001f\u007f\ufffd]*$/;

/** As a file's line or an API's item writes it: all texts, as they came. */
export const WrittenPayment = z.object({
  reference: z.string().regex(/^[\x21-\x7e]{1,64}$/, 'must be 1 to 64 letters, digits or signs without spaces'),
  account: z.string().max(40),
  amount: z.string().max(20),
  currency: z.string().regex(/^[A-Z]{3}$/, 'must be three letters such as KES'),
  paidAt: z.iso.datetime({ offset: true, error: 'must be a time with its offset, such as 2026-11-20T14:05:00+03:00' }),
  place: z.string().max(200).regex(PLAIN, 'is not plain text in UTF-8').default(''),
});
export type WrittenPayment = z.input<typeof WrittenPayment>;

export interface ElsewhereFact {
  reference: string;
  account: string;
  amount: Money;
  paidAtMs: number;
  place: string;
}

/** A clock at the counter may be ahead of ours by so much. */
const AHEAD_MS = 86_400_000;
const OLDEST_MS = 366 * 86_400_000;

/** Reads one payment of a biller. Text: what is wrong with it, in words for whoever sent it. */
export function readElsewhere(biller: Biller, written: unknown, nowMs: number): ElsewhereFact | string {
  const read = WrittenPayment.safeParse(written);
  if (!read.success) {
    const [issue] = read.error.issues;
    return `${String(issue?.path[0] ?? 'the payment')} ${issue?.message ?? 'cannot be read'}`;
  }
  const { reference, amount: text, currency, paidAt, place } = read.data;
  const account = read.data.account.replace(/[\s-]/g, '');
  if (!biller.accountPattern.test(account)) return `account is not a number of ${biller.name}`;
  if (currency !== biller.currency) return `currency must be ${biller.currency}`;
  const amount = parseMoney(text, currency);
  if (!amount) return 'amount must be a decimal such as 500.00';
  if (amount.amountMinor === 0n) return 'amount must be more than nothing';
  const paidAtMs = Date.parse(paidAt);
  if (paidAtMs > nowMs + AHEAD_MS) return 'paidAt lies in the future';
  if (paidAtMs < nowMs - OLDEST_MS) return 'paidAt lies more than a year back';
  return { reference, account, amount, paidAtMs, place: place.trim().slice(0, 40) };
}

/** Records it, once for its reference. Refuses (`elsewhere.reference-conflict`) when another payment has that reference. */
export async function recordElsewhere(
  deps: ElsewhereDeps,
  input: { billerId: string; fact: ElsewhereFact; source: ElsewherePayment['source'] },
): Promise<'recorded' | 'already'> {
  return deps.database.transaction((tx) => recordIn(deps, tx, input));
}

export async function recordIn(
  deps: ElsewhereDeps,
  tx: Tx,
  { billerId, fact, source }: { billerId: string; fact: ElsewhereFact; source: ElsewherePayment['source'] },
): Promise<'recorded' | 'already'> {
  const { reference, account, amount, paidAtMs, place } = fact;
  const isNew = await tx.insertOnce(ElsewherePaymentSchema, {
    id: deps.runtime.ids.next(),
    billerId,
    account,
    ...amount,
    reference,
    paidAtMs,
    place,
    source,
    recordedAtMs: deps.runtime.clock.now(),
  });
  if (isNew) return 'recorded';
  const before = await tx.lockOne(ElsewherePaymentSchema, { billerId, reference });
  const isSame = before?.account === account && before.amountMinor === amount.amountMinor;
  if (!isSame) throw new Refusal('elsewhere.reference-conflict', { reference });
  return 'already';
}
