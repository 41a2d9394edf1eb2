import { Between, In } from 'typeorm';
import { businessDay, type Msisdn, startOfDay } from '../../kernel/index.ts';
import { TransferSchema } from '../../money/transfers/index.ts';
import type { Database } from '../../platform/database/index.ts';
import type { Sealing } from '../../platform/sealing/index.ts';
import { CustomerSchema } from '../customers/index.ts';
import { MessageSchema } from '../messages/index.ts';
import { type Payment, PaymentSchema, PaymentTokenSchema } from '../payments/index.ts';
import { findPayments } from './find-payments.ts';
import { type FoundPayout, findPayout } from './find-payout.ts';
import type { PaymentFilters } from './payment-pages.ts';
import { type Reading, understand } from './understand.ts';

export interface SearchDeps {
  database: Database;
  sealing: Pick<Sealing, 'fingerprint'>;
  runtime: { clock: { now(): number } };
  /** Names of the operators: a receipt is unique with its operator. */
  operatorNames: readonly string[];
  country: string;
  currency: string;
  timeZone: string;
}

/** What one reading of the words led to. */
export interface Found {
  reading: Reading;
  /** Newest first, a few of them. */
  payments: Payment[];
  /** There are more: the list with these filters shows them. */
  hasMore: boolean;
  filters: PaymentFilters | undefined;
  /** A number that we know. */
  person: Msisdn | undefined;
}

export interface SearchResult {
  found: Found[];
  /** The one thing that was meant: it is opened at once. */
  exact:
    | { kind: 'payment'; id: string }
    | { kind: 'person'; msisdn: Msisdn }
    | ({ kind: 'payout' } & FoundPayout)
    | undefined;
}

/** Payments a reading shows before its list is opened. */
const SHOWN = 10;
/** Readings that point at one thing. */
const POINTERS: ReadonlySet<Reading['kind']> = new Set(['reference', 'receipt', 'token', 'id', 'phone']);

/** Looks up every reading of what was typed. */
export async function search(deps: SearchDeps, written: string): Promise<SearchResult> {
  const { clock } = deps.runtime;
  const today = businessDay(clock.now(), deps.timeZone);
  const readings = understand(written, { country: deps.country, currency: deps.currency, today });
  const found = await Promise.all(together(deps, readings).map((one) => lookUp(deps, one)));
  const hasPayment = found.some(({ payments }) => payments.length > 0);
  const payout = hasPayment ? undefined : await findPayout(deps, readings);
  return { found, exact: payout ? { kind: 'payout', ...payout } : exactOf(found) };
}

interface Wanted {
  reading: Reading;
  filters: PaymentFilters | undefined;
}

/** A day narrows the other readings; alone it is a list of its own. */
function together({ timeZone }: SearchDeps, readings: readonly Reading[]): Wanted[] {
  const day = readings.find((reading) => reading.kind === 'day');
  const range = day ? rangeOf(day.day, timeZone) : {};
  const others = readings.filter(({ kind }) => kind !== 'day');
  if (day && others.length === 0) return [{ reading: day, filters: range }];
  return others.map((reading) => ({ reading, filters: filtersOf(reading, range) }));
}

const DAY_MS = 86_400_000;

export function rangeOf(day: string, timeZone: string): { fromMs: number; toMs: number } {
  // Noon of the day is that day in every zone but a few; the start of the next is found from its own noon.
  const noonMs = Date.parse(`${day}T12:00:00Z`);
  return { fromMs: startOfDay(noonMs, timeZone), toMs: startOfDay(noonMs + DAY_MS, timeZone) };
}

function filtersOf(reading: Reading, range: PaymentFilters): PaymentFilters | undefined {
  switch (reading.kind) {
    case 'phone':
      return { ...range, msisdn: reading.msisdn };
    case 'account':
      return { ...range, account: reading.account };
    case 'amount':
      return { ...range, amount: reading.amount };
    default:
      return undefined;
  }
}

async function lookUp(deps: SearchDeps, { reading, filters }: Wanted): Promise<Found> {
  const person = reading.kind === 'phone' ? await personOf(deps, reading.msisdn) : undefined;
  if (filters) {
    const nowMs = deps.runtime.clock.now();
    const { payments, next } = await findPayments(deps, filters, { limit: SHOWN, nowMs });
    return { reading, payments, hasMore: next !== undefined, filters, person };
  }
  const payments = await pointedAt(deps, reading);
  return { reading, payments: payments.slice(0, SHOWN), hasMore: payments.length > SHOWN, filters, person };
}

/** A number is known by a payment or a setting. Who only dialled once and looked around is found by his dialogs, on his page. */
async function personOf({ database }: SearchDeps, msisdn: Msisdn): Promise<Msisdn | undefined> {
  const customer = await database.reader.findOne(CustomerSchema, { where: { msisdn }, select: { msisdn: true } });
  return customer?.msisdn;
}

async function pointedAt({ database, sealing, operatorNames }: SearchDeps, reading: Reading): Promise<Payment[]> {
  const { reader } = database;
  const byIds = (ids: readonly (string | null)[]) =>
    reader.find(PaymentSchema, {
      where: { id: In(ids.filter((id) => id !== null)) },
      order: { createdAtMs: 'DESC' },
      take: SHOWN + 1,
    });
  switch (reading.kind) {
    case 'reference':
      return reader.findBy(PaymentSchema, { reference: reading.reference });
    case 'receipt': {
      const { receipt } = reading;
      const direct = await reader.find(PaymentSchema, { where: { operatorReceipt: receipt }, take: SHOWN + 1 });
      if (direct.length > 0) return direct;
      // Second money of a payment has a receipt of its own.
      const where = { receipt, operator: In([...operatorNames]) };
      const transfers = await reader.find(TransferSchema, { where, take: SHOWN });
      return byIds(transfers.map(({ purposeId }) => purposeId));
    }
    case 'token': {
      const fingerprint = sealing.fingerprint(reading.digits);
      const tokens = await reader.find(PaymentTokenSchema, { where: { fingerprint }, take: SHOWN + 1 });
      return byIds(tokens.map(({ paymentId }) => paymentId));
    }
    case 'id': {
      const { id } = reading;
      const payments = await byIds([id]);
      if (payments.length > 0) return payments;
      const transfer = await reader.findOne(TransferSchema, { where: { id } });
      const message = transfer ? null : await reader.findOne(MessageSchema, { where: { id } });
      return byIds([transfer?.purposeId ?? message?.subjectId ?? null]);
    }
    case 'name': {
      const transfers = await Promise.all(
        spellingsOf(reading.name).map((name) =>
          reader.find(TransferSchema, {
            select: { id: true },
            where: { payerName: Between(name, `${name}\uffff`) },
            take: SHOWN + 1,
          }),
        ),
      );
      const ids = transfers.flat().map(({ id }) => id);
      return reader.find(PaymentSchema, {
        where: { transferId: In(ids) },
        order: { createdAtMs: 'DESC' },
        take: SHOWN + 1,
      });
    }
    default:
      return [];
  }
}

/** Operators write names in capitals or as people do; the index compares byte by byte. */
function spellingsOf(name: string): string[] {
  const titled = name.toLowerCase().replace(/(?<=^|[ .'-])\p{L}/gu, (letter) => letter.toUpperCase());
  return [...new Set([name, name.toUpperCase(), titled])];
}

/** One payment that all pointers agree on, or the one number that was asked for. */
function exactOf(found: readonly Found[]): SearchResult['exact'] {
  const pointers = found.filter(({ reading }) => POINTERS.has(reading.kind) && reading.kind !== 'phone');
  const ids = new Set(pointers.flatMap(({ payments }) => payments.map(({ id }) => id)));
  const [id] = ids;
  if (ids.size === 1 && id !== undefined) return { kind: 'payment', id };
  if (ids.size > 1) return undefined;
  const numbers = found.flatMap(({ reading }) => (reading.kind === 'phone' ? [reading.msisdn] : []));
  const elsewhere = found.some(({ reading, payments }) => reading.kind === 'account' && payments.length > 0);
  const [msisdn] = numbers;
  return numbers.length === 1 && msisdn !== undefined && !elsewhere ? { kind: 'person', msisdn } : undefined;
}
