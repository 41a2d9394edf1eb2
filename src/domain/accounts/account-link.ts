import { EntitySchema } from 'typeorm';
import { column } from '../../platform/database/index.ts';

/** A customer's own name for an account that he verified. */
export interface AccountLink {
  id: string;
  customerId: string;
  billerId: string;
  account: string;
  /** Empty until he gives one. */
  nickname: string;
  /** The holder's name as it was shown, masked. */
  holder: string;
  linkedAtMs: number;
}

export const AccountLinkSchema = new EntitySchema<AccountLink>({
  name: 'account_link',
  columns: {
    id: column.id(),
    customerId: { ...column.reference(), name: 'customer_id' },
    billerId: { ...column.varchar(24), name: 'biller_id' },
    account: column.varchar(32),
    nickname: column.varchar(24),
    holder: column.varchar(64),
    linkedAtMs: { ...column.instant(), name: 'linked_at' },
  },
  indices: [
    { name: 'account_link_unique', columns: ['customerId', 'billerId', 'account'], unique: true },
    { name: 'account_link_account', columns: ['billerId', 'account'] },
  ],
});

/** What a biller said of an account that may not be paid; paybill payments to it are refused from this. */
export interface ClosedAccount {
  id: string;
  billerId: string;
  account: string;
  checkedAtMs: number;
}

export const ClosedAccountSchema = new EntitySchema<ClosedAccount>({
  name: 'closed_account',
  columns: {
    id: column.id(),
    billerId: { ...column.varchar(24), name: 'biller_id' },
    account: column.varchar(32),
    checkedAtMs: { ...column.instant(), name: 'checked_at' },
  },
  indices: [{ name: 'closed_account_unique', columns: ['billerId', 'account'], unique: true }],
});
