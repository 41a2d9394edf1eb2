import type { EntitySchemaColumnOptions, ValueTransformer } from 'typeorm';
import { invariant } from '../../kernel/index.ts';

/** BIGINT <-> bigint. Both drivers round silently past 2^53, so such a value is refused both ways. */
const exactInteger: ValueTransformer = {
  to: (value: bigint | null | undefined) => {
    if (typeof value !== 'bigint') return value;
    invariant(value >= -MAX_SAFE && value <= MAX_SAFE, 'an integer past 2^53 cannot be stored exactly');
    return value.toString();
  },
  from: (value: string | number | bigint | null) => (value === null ? null : BigInt(value)),
};

/** BIGINT <-> number, for instants in epoch milliseconds and for counters. */
const safeNumber: ValueTransformer = {
  to: (value: number | null | undefined) => {
    invariant(value === null || typeof value !== 'number' || Number.isSafeInteger(value), 'not a safe integer');
    return value;
  },
  from: (value: string | number | bigint | null) => {
    if (value === null) return null;
    const number = Number(value);
    invariant(Number.isSafeInteger(number), 'an integer past 2^53 was read');
    return number;
  },
};

const MAX_SAFE = BigInt(Number.MAX_SAFE_INTEGER);

interface Nullable {
  nullable?: boolean;
}

/** The columns that every table is made of. Types are the same on both stores, so that one migration serves both. */
export const column = {
  /** UUIDv7 text, made by `runtime.ids`. */
  id: (): EntitySchemaColumnOptions => ({ type: 'varchar', length: 36, primary: true }),
  reference: (options: Nullable = {}): EntitySchemaColumnOptions => ({ type: 'varchar', length: 36, ...options }),
  varchar: (length: number, options: Nullable = {}): EntitySchemaColumnOptions => ({
    type: 'varchar',
    length,
    ...options,
  }),
  text: (options: Nullable = {}): EntitySchemaColumnOptions => ({ type: 'text', ...options }),
  /** Epoch milliseconds: exact, sortable and read alike by both drivers. */
  instant: (options: Nullable = {}): EntitySchemaColumnOptions => ({
    type: 'bigint',
    transformer: safeNumber,
    ...options,
  }),
  /** An amount in minor units; its currency stands in a column beside it. */
  amountMinor: (options: Nullable = {}): EntitySchemaColumnOptions => ({
    type: 'bigint',
    transformer: exactInteger,
    ...options,
  }),
  count: (options: Nullable = {}): EntitySchemaColumnOptions => ({
    type: 'bigint',
    transformer: safeNumber,
    ...options,
    ...options,
  }),
  currency: (): EntitySchemaColumnOptions => ({ type: 'varchar', length: 3 }),
  msisdn: (options: Nullable = {}): EntitySchemaColumnOptions => ({ type: 'varchar', length: 16, ...options }),
  state: (): EntitySchemaColumnOptions => ({ type: 'varchar', length: 24 }),
} as const;
