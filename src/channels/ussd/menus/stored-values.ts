import { invariant, type Money, money } from '../../../kernel/index.ts';

/** Money as a session keeps it: JSON has no bigint. */
export interface StoredMoney {
  amountMinor: string;
  currency: string;
}

/** A date is its milliseconds since 1970, a phrase the id of its text. */
export type StoredScalar = string | number | StoredMoney;
export type StoredItem = Readonly<Record<string, StoredScalar>>;
export type StoredValue = StoredScalar | readonly StoredItem[];

/** The variables of a session, by name. */
export type Variables = Readonly<Record<string, StoredValue>>;

export function storeMoney({ amountMinor, currency }: Money): StoredMoney {
  return { amountMinor: amountMinor.toString(), currency };
}

export function isStoredMoney(value: StoredValue | undefined): value is StoredMoney {
  return typeof value === 'object' && 'amountMinor' in value;
}

export function readMoney(variables: Variables, name: string): Money {
  const value = variables[name];
  invariant(isStoredMoney(value), `variable ${name} is not an amount`);
  return money(BigInt(value.amountMinor), value.currency);
}

export function readText(variables: Variables, name: string): string {
  const value = variables[name];
  invariant(typeof value === 'string', `variable ${name} is not a text`);
  return value;
}

export function readOptionalText(variables: Variables, name: string): string | undefined {
  const value = variables[name];
  return typeof value === 'string' ? value : undefined;
}
