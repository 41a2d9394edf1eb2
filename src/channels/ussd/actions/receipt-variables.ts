import { type Money, money } from '../../../kernel/index.ts';
import { storeMoney, type Variables } from '../menus/index.ts';
import type { UndeliveredReceipt } from '../ussd-domain.ts';

/** Variables that showing a receipt sets which cannot come by SMS. */
export const RECEIPT_VARIABLES = ['tokens', 'tokenKind', 'units', 'unitsKind', 'balance', 'balanceKind'] as const;

export function receiptVariables(receipt: UndeliveredReceipt, { currency }: Money): Variables {
  const { tokens, units = '' } = receipt;
  const [balanceKind, balance] = balanceOf(receipt, currency);
  return {
    tokens: tokens.join('\n'),
    tokenKind: tokens.length > 1 ? 'several' : tokens.length === 1 ? 'one' : 'none',
    units,
    unitsKind: units === '' ? 'none' : 'some',
    balance: storeMoney(balance),
    balanceKind,
  };
}

function balanceOf({ balance, debtTaken }: UndeliveredReceipt, currency: string): [string, Money] {
  if (debtTaken) return ['debt', debtTaken];
  if (!balance) return ['none', money(0n, currency)];
  return balance.amountMinor < 0n ? ['credit', money(-balance.amountMinor, currency)] : ['due', balance];
}
