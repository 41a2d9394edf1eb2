import { EntitySchema } from 'typeorm';
import type { Msisdn, Runtime } from '../../kernel/index.ts';
import { column, type Tx } from '../../platform/database/index.ts';
import type { Sealing } from '../../platform/sealing/index.ts';
import type { Customer } from './customer.ts';

/** What a person who was erased did not want: it holds for whoever has his number next, for as long as wishes of idle numbers do. */
export interface KeptWish {
  id: string;
  /** Keyed hash of the number. */
  numberHash: string;
  remindersStoppedAtMs: number | null;
  promptsBlockedAtMs: number | null;
  keptAtMs: number;
}

export const KeptWishSchema = new EntitySchema<KeptWish>({
  name: 'kept_wish',
  columns: {
    id: column.id(),
    numberHash: { ...column.varchar(64), name: 'number_hash' },
    remindersStoppedAtMs: { ...column.instant({ nullable: true }), name: 'reminders_stopped_at' },
    promptsBlockedAtMs: { ...column.instant({ nullable: true }), name: 'prompts_blocked_at' },
    keptAtMs: { ...column.instant(), name: 'kept_at' },
  },
  indices: [{ name: 'kept_wish_number', columns: ['numberHash'], unique: true }],
});

export type Wishes = Pick<Customer, 'remindersStoppedAtMs' | 'promptsBlockedAtMs'>;

interface WishDeps {
  runtime: Runtime;
  sealing: Pick<Sealing, 'fingerprint'>;
}

const DAY_MS = 86_400_000;
const KEPT_FOR_MS = 180 * DAY_MS;

const hashOf = ({ sealing }: WishDeps, msisdn: Msisdn) => sealing.fingerprint(`wishes of ${msisdn}`);

/** The number is about to be forgotten, and not what it did not want. */
export async function keepWishes(deps: WishDeps, tx: Tx, msisdn: Msisdn, wishes: Wishes): Promise<void> {
  const numberHash = hashOf(deps, msisdn);
  await tx.manager.delete(KeptWishSchema, { numberHash });
  if (wishes.remindersStoppedAtMs === null && wishes.promptsBlockedAtMs === null) return;
  const { ids, clock } = deps.runtime;
  await tx.insert(KeptWishSchema, { id: ids.next(), numberHash, ...wishes, keptAtMs: clock.now() });
}

/** What a number that is new to us did not want when it was not. */
export async function wishesOf(deps: WishDeps, tx: Tx, msisdn: Msisdn): Promise<Wishes> {
  const kept = await tx.findOne(KeptWishSchema, { numberHash: hashOf(deps, msisdn) });
  if (!kept || deps.runtime.clock.now() - kept.keptAtMs > KEPT_FOR_MS) {
    return { remindersStoppedAtMs: null, promptsBlockedAtMs: null };
  }
  const { remindersStoppedAtMs, promptsBlockedAtMs } = kept;
  return { remindersStoppedAtMs, promptsBlockedAtMs };
}
