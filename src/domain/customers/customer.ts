import { EntitySchema } from 'typeorm';
import type { Msisdn } from '../../kernel/index.ts';
import { column } from '../../platform/database/index.ts';

/** A person, as a phone number that dialled or was asked to pay. */
export interface Customer {
  id: string;
  msisdn: Msisdn;
  language: string;
  /** argon2id; null when no service PIN is set. */
  pinHash: string | null;
  /** Wrong tries in a row. */
  pinFailures: number;
  pinLockedUntilMs: number | null;
  /** The turn that was counted last, so that a repeated request is counted once; and what it was told. */
  pinTurnKey: string | null;
  pinTurnResult: string | null;
  /** Set when he refuses prompts that other numbers cause. */
  promptsBlockedAtMs: number | null;
  /** Set when he wants no reminders; receipts and tokens go on. */
  remindersStoppedAtMs: number | null;
  /** To the day; links and PINs lapse after 180 idle days, since networks give numbers to others. */
  lastSeenAtMs: number;
  createdAtMs: number;
  /**
   * 0, or when the number came back after a silence so long that it may be somebody else's: what is older is not shown to him.
   */
  ownerSinceMs: number;
}

export const CustomerSchema = new EntitySchema<Customer>({
  name: 'customer',
  columns: {
    id: column.id(),
    msisdn: column.msisdn(),
    language: column.varchar(8),
    pinHash: { ...column.varchar(160, { nullable: true }), name: 'pin_hash' },
    pinFailures: { ...column.count(), name: 'pin_failures' },
    pinLockedUntilMs: { ...column.instant({ nullable: true }), name: 'pin_locked_until' },
    pinTurnKey: { ...column.varchar(64, { nullable: true }), name: 'pin_turn_key' },
    pinTurnResult: { ...column.varchar(64, { nullable: true }), name: 'pin_turn_result' },
    promptsBlockedAtMs: { ...column.instant({ nullable: true }), name: 'prompts_blocked_at' },
    remindersStoppedAtMs: { ...column.instant({ nullable: true }), name: 'reminders_stopped_at' },
    lastSeenAtMs: { ...column.instant(), name: 'last_seen_at' },
    createdAtMs: { ...column.instant(), name: 'created_at' },
    ownerSinceMs: { ...column.instant(), name: 'owner_since' },
  },
  indices: [
    { name: 'customer_msisdn', columns: ['msisdn'], unique: true },
    { name: 'customer_seen', columns: ['lastSeenAtMs', 'id'] },
  ],
});
