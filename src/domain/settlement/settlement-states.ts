import { transitionTable } from '../../kernel/index.ts';

export type SettlementState = 'drawing' | 'drawn-up' | 'signed' | 'paid-out' | 'carried';

/**
 * drawing: lines are being added, its sums are not told. drawn-up: a version that may be signed, or drawn again when more becomes
 * known. signed: a person answers for it; it never changes again. paid-out: the biller has its money. carried: nothing was owed,
 * or the biller owes us; a later settlement took that up.
 */
export const settlementStates = transitionTable<SettlementState>('settlement', ['drawing'], {
  drawing: ['drawn-up'],
  'drawn-up': ['drawing', 'signed'],
  signed: ['paid-out', 'carried'],
  'paid-out': [],
  carried: [],
});
