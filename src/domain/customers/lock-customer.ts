import { invariant, type Msisdn, type Runtime } from '../../kernel/index.ts';
import type { Tx } from '../../platform/database/index.ts';
import type { Sealing } from '../../platform/sealing/index.ts';
import { type Customer, CustomerSchema } from './customer.ts';
import { wishesOf } from './kept-wish.ts';

/**
 * Reads and locks the number's row, making it when there is none. `language` is for a new one only. A number that was erased begins anew,
 * with what it did not want.
 */
export async function lockCustomer(
  deps: { runtime: Runtime; sealing: Pick<Sealing, 'fingerprint'> },
  tx: Tx,
  msisdn: Msisdn,
  language: string,
): Promise<Customer> {
  const known = await tx.lockOne(CustomerSchema, { msisdn });
  if (known) return known;
  const { runtime } = deps;
  const now = runtime.clock.now();
  await tx.insertOnce(CustomerSchema, {
    id: runtime.ids.next(),
    msisdn,
    language,
    pinHash: null,
    pinFailures: 0,
    pinLockedUntilMs: null,
    pinTurnKey: null,
    pinTurnResult: null,
    ...(await wishesOf(deps, tx, msisdn)),
    lastSeenAtMs: now,
    createdAtMs: now,
    ownerSinceMs: 0,
  });
  const made = await tx.lockOne(CustomerSchema, { msisdn });
  invariant(made, 'a customer that was just made can be read');
  return made;
}
