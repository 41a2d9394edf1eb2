import { EntitySchema } from 'typeorm';
import { column } from '../../platform/database/index.ts';

/** The last question what an operator's account holds, and the last answer to any. */
export interface OperatorBalance {
  /** Of our account the operator; of somebody's own the operator and its short code: see `balanceKeyOf`. */
  operator: string;
  currency: string;
  /** Ends the callback addresses of the last question. */
  callbackToken: string;
  /** As its acknowledgement named it; the answer must name the same. */
  conversationId: string | null;
  askedAtMs: number;
  /** When the last answer came. Before `askedAtMs`: the last question is not answered yet. */
  toldAtMs: number | null;
  /** The operator's own time of what it told. */
  asOfMs: number | null;
  /** What payouts spend. */
  utilityMinor: bigint | null;
  workingMinor: bigint | null;
  /** May be negative. */
  chargesMinor: bigint | null;
}

export const OperatorBalanceSchema = new EntitySchema<OperatorBalance>({
  name: 'operator_balance',
  columns: {
    operator: { ...column.varchar(24), primary: true },
    currency: column.currency(),
    callbackToken: { ...column.varchar(64), name: 'callback_token' },
    conversationId: { ...column.varchar(100, { nullable: true }), name: 'conversation_id' },
    askedAtMs: { ...column.instant(), name: 'asked_at' },
    toldAtMs: { ...column.instant({ nullable: true }), name: 'told_at' },
    asOfMs: { ...column.instant({ nullable: true }), name: 'as_of' },
    utilityMinor: { ...column.amountMinor({ nullable: true }), name: 'utility_minor' },
    workingMinor: { ...column.amountMinor({ nullable: true }), name: 'working_minor' },
    chargesMinor: { ...column.amountMinor({ nullable: true }), name: 'charges_minor' },
  },
  indices: [{ name: 'operator_balance_token', columns: ['callbackToken'], unique: true }],
});

/** Under which the balance of an account is kept: `mpesa`, or `mpesa:700111` for one that somebody has for himself. */
export function balanceKeyOf(operator: string, ownShortCode?: string): string {
  return ownShortCode === undefined ? operator : `${operator}:${ownShortCode}`;
}

/** By whose operator it was asked for. */
export const operatorOfKey = (key: string): string => key.split(':')[0] ?? key;
