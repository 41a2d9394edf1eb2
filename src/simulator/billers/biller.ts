import { z } from 'zod';
import { formatDecimal, parseMoney } from '../../kernel/index.ts';
import { jsonReply, parseJson, problemReply, type SimulatorReply, type SimulatorRequest } from '../basis/index.ts';
import { type BillerAccount, type BillerProfile, openingAccount } from './biller-accounts.ts';
import { type BillerBooks, makeBillerBooks, type Posting } from './biller-books.ts';
import type { BillerDeps } from './biller-deps.ts';
import { type DueDates, dueDateOf, listBills } from './list-bills.ts';
import { sellTokens } from './sell-tokens.ts';

/** One utility, as docs/biller-api.openapi.yaml describes it. */
export interface Biller {
  /** `segments`: the path below the biller's own address. */
  serve(request: SimulatorRequest, segments: readonly string[]): Promise<SimulatorReply> | SimulatorReply;
  /** The account's bill is due on this day from now on. */
  setDueDate(account: string, dueDate: string): void;
  reset(): void;
  readonly profile: BillerProfile;
  readonly books: BillerBooks;
}

const PutPayment = z.object({
  account: z.string().regex(/^[0-9A-Za-z-]{1,32}$/),
  amount: z.string().max(20),
  currency: z.string().regex(/^[A-Z]{3}$/),
  paidAt: z.iso.datetime({ offset: true }),
  operatorReceipt: z.string().max(32).optional(),
});

const REFERENCE = /^[0-9A-Za-z]{1,12}$/;
const STATEMENT_PAGE_LINES = 500;

export function makeBiller(deps: BillerDeps): Biller {
  const books = makeBillerBooks();
  const dueDates = new Map<string, string>();
  return {
    profile: deps.profile,
    books,
    setDueDate(account, dueDate) {
      dueDates.set(account, dueDate);
    },
    reset() {
      books.clear();
      dueDates.clear();
    },
    serve(request, segments) {
      const [kind = '', id = ''] = segments;
      if (!mayEnter(deps.key, request.headers.authorization)) return problemReply(401, 'The key is not known');
      if (request.method === 'POST' && kind === 'payments' && segments.length === 3 && segments[2] === 'cancel') {
        return cancelPayment(deps, books, id);
      }
      if (request.method === 'GET' && kind === 'bills' && segments.length === 1) {
        return listBills(deps, dueDates, (account) => dueMinor(deps.profile, books, account), request.query);
      }
      if (segments.length !== 2) return problemReply(404, 'There is nothing here');
      switch (`${request.method} ${kind}`) {
        case 'GET accounts':
          return showAccount(deps, books, dueDates, id);
        case 'PUT payments':
          return putPayment(deps, books, id, request.body);
        case 'GET payments':
          return showPayment(deps, books, id);
        case 'GET statements':
          return showStatement(books, deps.currency, id, request.query.get('cursor'));
        default:
          return problemReply(404, 'There is nothing here');
      }
    },
  };
}

function mayEnter(key: string | undefined, authorization: string | undefined): boolean {
  const given = /^Bearer (\S+)$/i.exec(authorization ?? '')?.[1];
  return given !== undefined && (key === undefined || given === key);
}

const NO_ACCOUNT = problemReply(404, 'Account not found', { reason: 'account-not-found' });

function showAccount(deps: BillerDeps, books: BillerBooks, dueDates: DueDates, id: string): SimulatorReply {
  const account = openingAccount(deps.profile, id);
  if (!account) return NO_ACCOUNT;
  const { status, holderName } = account;
  const due = decimal(deps, dueMinor(deps.profile, books, account));
  const dueDate = dueDateOf(deps, dueDates, account);
  return jsonReply(200, { account: id, status, holderName, due, currency: deps.currency, ...(dueDate && { dueDate }) });
}

/** Postpaid: what is owed now. Prepaid: the debt that is left. */
function dueMinor(profile: BillerProfile, books: BillerBooks, account: BillerAccount): bigint {
  const paid = books.paidInto(account.account);
  return account.dueMinor - (profile.kind === 'prepaid' ? paid.debtMinor : paid.amountMinor);
}

async function putPayment(deps: BillerDeps, books: BillerBooks, reference: string, body: string) {
  const { profile, currency } = deps;
  const read = PutPayment.safeParse(parseJson(body));
  const amount = read.success ? parseMoney(read.data.amount, currency) : undefined;
  if (!read.success || !REFERENCE.test(reference) || !amount || amount.amountMinor === 0n) {
    return problemReply(400, 'The request is not of the described shape');
  }
  const booked = books.find(reference);
  if (booked) {
    const same = booked.account === read.data.account && booked.amountMinor === amount.amountMinor.toString();
    if (!same || read.data.currency !== booked.currency) {
      return problemReply(409, 'Another payment is booked under this reference', { reason: 'reference-conflict' });
    }
    await deps.journal().flushed();
    return jsonReply(200, payment(deps, booked));
  }
  if (books.cancelled(reference)) return problemReply(422, 'It was cancelled', { reason: 'refused' });
  if (read.data.currency !== currency) return problemReply(422, 'Another currency', { reason: 'refused' });
  const account = openingAccount(profile, read.data.account);
  if (!account) return problemReply(422, 'Account not found', { reason: 'account-not-found' });
  if (account.status === 'closed') return problemReply(422, 'The account is closed', { reason: 'account-closed' });
  const posting = bookPayment(deps, books, account, {
    reference,
    amountMinor: amount.amountMinor,
    ...(read.data.operatorReceipt !== undefined && { operatorReceipt: read.data.operatorReceipt }),
  });
  await deps.journal().append({ book: 'posting', ...posting });
  return jsonReply(201, payment(deps, posting));
}

/** Synchronous from the check of the reference to the booking: two requests at once are booked once. */
function bookPayment(
  { runtime, profile, currency, faults }: BillerDeps,
  books: BillerBooks,
  account: BillerAccount,
  input: { reference: string; amountMinor: bigint; operatorReceipt?: string },
): Posting {
  const debtMinor = dueMinor(profile, books, account);
  const { amountMinor, ...rest } = input;
  const firstSale = books.paidInto(account.account).count === 0;
  const at = runtime.clock.now();
  const tokenDelayMs = profile.kind === 'prepaid' ? faults.drawTokenDelayMs() : undefined;
  const posting: Posting = {
    ...rest,
    biller: profile.id,
    billerReference: `${profile.prefix}-${runtime.chance.bytes(5).toString('hex').toUpperCase()}`,
    account: account.account,
    amountMinor: amountMinor.toString(),
    currency,
    at,
    ...(tokenDelayMs !== undefined && { tokensAt: at + tokenDelayMs }),
    ...(profile.kind === 'prepaid'
      ? sellTokens(runtime.chance, profile, account, { amountMinor, debtMinor, firstSale })
      : { tokens: [], balanceMinor: (debtMinor - amountMinor).toString() }),
  };
  books.add(posting);
  return posting;
}

/** Tokens of accounts that start with 444 count as used: such a sale stays. */
const USED = /^444/;

async function cancelPayment(deps: BillerDeps, books: BillerBooks, reference: string): Promise<SimulatorReply> {
  if (!REFERENCE.test(reference)) return problemReply(400, 'Not a reference');
  const before = books.cancelled(reference);
  if (before === undefined) {
    const posting = books.find(reference);
    if (posting && USED.test(posting.account)) return problemReply(422, 'The token was used', { reason: 'refused' });
    books.cancel(reference);
    await deps.journal().append({ book: 'cancellation', biller: deps.profile.id, reference });
  }
  await deps.journal().flushed();
  return jsonReply(200, { reference, outcome: books.cancelled(reference) });
}

async function showPayment(deps: BillerDeps, books: BillerBooks, reference: string): Promise<SimulatorReply> {
  await deps.journal().flushed();
  const posting = books.find(reference);
  if (posting) return jsonReply(200, payment(deps, posting));
  return problemReply(404, 'No payment under this reference', { reason: 'payment-not-found' });
}

function showStatement(books: BillerBooks, currency: string, day: string, cursor: string | null): SimulatorReply {
  const from = cursor === null ? 0 : Number(/^\d{1,9}$/.exec(cursor)?.[0] ?? Number.NaN);
  if (!/^\d{4}-\d\d-\d\d$/.test(day) || Number.isNaN(from)) return problemReply(400, 'Not a day or not a cursor');
  const postings = books.ofDay(day);
  const lines = postings.slice(from, from + STATEMENT_PAGE_LINES).map((posting) => line(posting, currency));
  const end = from + STATEMENT_PAGE_LINES;
  return jsonReply(200, { lines, next: end < postings.length ? String(end) : null });
}

function line(posting: Posting, currency: string) {
  const { reference, billerReference, account, amountMinor, at } = posting;
  const amount = formatDecimal({ amountMinor: BigInt(amountMinor), currency });
  return { reference, billerReference, account, amount, currency, bookedAt: new Date(at).toISOString() };
}

function payment(deps: BillerDeps, posting: Posting) {
  const { tokens, tokensAt, units, balanceMinor, debtTakenMinor } = posting;
  // Booked, and its token is not there yet.
  if (tokensAt !== undefined && deps.runtime.clock.now() < tokensAt) return line(posting, deps.currency);
  return {
    ...line(posting, deps.currency),
    ...(balanceMinor !== undefined && { balance: decimal(deps, BigInt(balanceMinor)) }),
    tokens,
    ...(units !== undefined && { units }),
    ...(debtTakenMinor !== undefined && { debtTaken: decimal(deps, BigInt(debtTakenMinor)) }),
  };
}

function decimal({ currency }: BillerDeps, amountMinor: bigint): string {
  return formatDecimal({ amountMinor, currency });
}
