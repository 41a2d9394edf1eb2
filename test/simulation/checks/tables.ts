import { paymentStates as payments } from '../../../src/domain/payments/index.ts';
import { batchStates as batches, rowStates as rows } from '../../../src/domain/payout-batches/index.ts';
import { refundStates as refunds } from '../../../src/domain/refunds/index.ts';
import type { TransitionTable } from '../../../src/kernel/index.ts';
import { transferStates as transfers } from '../../../src/money/transfers/index.ts';

/** The tables of states, by plain text: the store holds no more. */
export const paymentStates = payments as unknown as TransitionTable<string>;
export const refundStates = refunds as unknown as TransitionTable<string>;
export const transferStates = transfers as unknown as TransitionTable<string>;
export const batchStates = batches as unknown as TransitionTable<string>;
export const rowStates = rows as unknown as TransitionTable<string>;
