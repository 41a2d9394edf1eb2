import { z } from 'zod';
import { type Msisdn, minorDigits, parseMoney, parseMsisdn, Refusal } from '../../kernel/index.ts';
import { parseBands } from '../approvals/index.ts';
import { MOST_LIST_ROWS, PAYOUT_PURPOSES } from '../payout-lists/index.ts';
import { PAYOUT_BATCH } from './may-pay.ts';
import type { Organisation } from './organisation.ts';

/** Whom we write and call, as it was typed. */
export interface GivenContact {
  name: string;
  email: string;
  /** Read in the business's country. */
  phone: string;
}

/** What it may pay, as it was typed: amounts in major units (`250000`, `12.50`). */
export interface GivenLimits {
  least: string;
  most: string;
  mostBatch: string;
  mostDay: string;
  mostRows: string;
  purposes: readonly string[];
}

const emailSchema = z.email().max(190);

const plain = (text: string): string => text.trim().replace(/\s+/g, ' ');

/** Refuses with `organisation.malformed-name`. */
export function readName(text: string): string {
  const name = plain(text);
  if (name.length < 2 || name.length > 120) throw new Refusal('organisation.malformed-name');
  return name;
}

/** As the register writes it, in capitals. Refuses with `organisation.malformed-registration`. */
export function readRegistrationNumber(text: string): string {
  const number = plain(text).toUpperCase();
  if (!/^[A-Z0-9][A-Z0-9 ./-]{2,39}$/.test(number)) throw new Refusal('organisation.malformed-registration');
  return number;
}

/** Refuses with `organisation.malformed-contact` (`{field}`). */
export function readContact(
  { name: written, email: typed, phone: dialled }: GivenContact,
  country: string,
): Pick<Organisation, 'contactName' | 'contactEmail' | 'contactPhone'> {
  const contactName = plain(written);
  if (contactName.length < 2 || contactName.length > 120) refuseContact('name');
  const email = emailSchema.safeParse(typed.trim().toLowerCase());
  if (!email.success) refuseContact('email');
  const phone = parseMsisdn(dialled, country);
  if (!phone) refuseContact('phone');
  return { contactName, contactEmail: email.data as string, contactPhone: phone as Msisdn };
}

function refuseContact(field: 'name' | 'email' | 'phone'): never {
  throw new Refusal('organisation.malformed-contact', { field });
}

type Limits = Pick<
  Organisation,
  'leastMinor' | 'mostMinor' | 'mostBatchMinor' | 'mostDayMinor' | 'mostRows' | 'purposes'
>;

/** Refuses with `organisation.malformed-limits` (`{field}`: what is no amount, or less than what it is to hold) and `organisation.no-purpose`. */
export function readLimits(given: GivenLimits, currency: string): Limits {
  const least = amountOf('least', given.least, currency, 1n);
  const most = amountOf('most', given.most, currency, least);
  const mostBatch = amountOf('mostBatch', given.mostBatch, currency, most);
  const mostDay = amountOf('mostDay', given.mostDay, currency, mostBatch);
  const rows = /^\d{1,6}$/.test(given.mostRows.trim()) ? Number(given.mostRows) : 0;
  if (rows < 1 || rows > MOST_LIST_ROWS) throw new Refusal('organisation.malformed-limits', { field: 'mostRows' });
  const purposes = PAYOUT_PURPOSES.filter((purpose) => given.purposes.includes(purpose));
  if (purposes.length === 0 || purposes.length !== new Set(given.purposes).size) {
    throw new Refusal('organisation.no-purpose');
  }
  return {
    ...{ leastMinor: least, mostMinor: most, mostBatchMinor: mostBatch, mostDayMinor: mostDay },
    ...{ mostRows: rows, purposes: purposes.join(' ') },
  };
}

function amountOf(field: string, text: string, currency: string, leastMinor: bigint): bigint {
  const amount = parseMoney(text.trim().replaceAll(',', ''), currency);
  if (!amount || amount.amountMinor < leastMinor) throw new Refusal('organisation.malformed-limits', { field });
  return amount.amountMinor;
}

/** A currency that we can count in. */
export function isKnownCurrency(currency: string): boolean {
  try {
    return minorDigits(currency) >= 0;
  } catch {
    return false;
  }
}

/** Who of an organisation may have a vote on its batches. */
export const VOTING_ROLES = ['approver', 'administrator', 'initiator'] as const;

/**
 * Bands of approval as menus/approvals.yaml has them, as JSON text of `{bands: [...]}`; null: those of that file hold. Refuses with
 * `organisation.malformed-bands`
 * (`{why}`, in English) what could pass unseen, or what nobody of an organisation could grant.
 */
export function readApprovalBands(written: unknown, currency: string): string | null {
  if (written === null || written === undefined) return null;
  try {
    const bands = { ...(written as object), kind: PAYOUT_BATCH, currency };
    const read = parseBands(bands);
    const roles = read.bands.flatMap(({ policy }) => policy.steps.flatMap((step) => step.roles));
    const stranger = roles.find((role) => !(VOTING_ROLES as readonly string[]).includes(role));
    if (stranger !== undefined) throw new Error(`nobody of an organisation votes as ${stranger}`);
    return JSON.stringify(bands);
  } catch (error) {
    const why = error instanceof z.ZodError ? z.prettifyError(error) : (error as Error).message;
    throw new Refusal('organisation.malformed-bands', { why });
  }
}
