import { type Money, readWrittenAmount } from '../../kernel/index.ts';
import type { CheckoutBiller } from './checkout-domain.ts';

export const FIELDS = ['biller', 'account', 'amount', 'phone'] as const;
export type Field = (typeof FIELDS)[number];

/** As typed, to be shown again. */
export type BillValues = Readonly<Record<Field, string>>;
/** Ids of texts, by field. */
export type Faults = Partial<Record<Field, string>>;

export const EMPTY: BillValues = { biller: '', account: '', amount: '', phone: '' };

const LONGEST: Readonly<Record<Field, number>> = { biller: 24, account: 64, amount: 20, phone: 24 };
const ACCOUNT = /^[A-Z0-9][A-Z0-9/-]{2,31}$/;

export interface ReadBill {
  values: BillValues;
  faults: Faults;
  biller: CheckoutBiller | undefined;
  account: string;
  /** Undefined when it was left empty: all that is due. */
  amount: Money | undefined;
}

/** Reads the form by its shape; what the business says to it comes later. */
export function readBill(
  fields: Readonly<Record<string, string>>,
  billers: readonly CheckoutBiller[],
  currency: string,
): ReadBill {
  const values = Object.fromEntries(
    FIELDS.map((name) => [name, (fields[name] ?? '').trim().slice(0, LONGEST[name] + 1)]),
  ) as Record<Field, string>;
  const faults: Faults = {};
  const biller = billers.find(({ id }) => id === values.biller);
  if (!biller) faults.biller = 'fault.biller';
  const account = values.account.replace(/\s/g, '').toUpperCase();
  if (!ACCOUNT.test(account)) faults.account = account === '' ? 'fault.account-empty' : 'fault.account';
  const amount = readWrittenAmount(values.amount, biller?.currency ?? currency);
  if (values.amount !== '' && !(amount && amount.amountMinor > 0n)) faults.amount = 'fault.amount';
  if (values.phone === '') faults.phone = 'fault.phone-empty';
  return { values, faults, biller, account, amount };
}
