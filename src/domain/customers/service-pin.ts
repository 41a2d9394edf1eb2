import { hash, verify } from '@node-rs/argon2';
import { type Msisdn, Refusal } from '../../kernel/index.ts';
import { CustomerSchema } from './customer.ts';
import type { CustomerDeps } from './customers.ts';
import { lockCustomer } from './lock-customer.ts';

/** Wrong tries before the PIN is locked. */
const TRIES = 3;
const FIRST_LOCK_MS = 15 * 60_000;
const LONGEST_LOCK_MS = 24 * 3_600_000;

export type PinCheck = { kind: 'right' } | { kind: 'wrong'; triesLeft: number } | { kind: 'locked'; untilMs: number };

/** Hashes and compares PINs. Real ones use threads and real time; a simulation brings its own. */
export interface PinHasher {
  hash(pin: string): Promise<string>;
  verify(hash: string, pin: string): Promise<boolean>;
}

/** argon2id with the parameters that OWASP's password storage cheat sheet recommends as its first choice. */
export const argon2Pins: PinHasher = {
  hash: (pin) => hash(pin, { memoryCost: 19_456, timeCost: 2, parallelism: 1 }),
  verify: (stored, pin) => verify(stored, pin),
};

export interface PinDeps extends CustomerDeps {
  pins: PinHasher;
}

/** A service PIN is four digits that are neither all alike nor a run. */
export function judgeNewPin({ pin }: { pin: string }): void {
  if (!/^\d{4}$/.test(pin)) throw new Refusal('pin.malformed');
  if (/^(\d)\1{3}$/.test(pin) || '01234567890 09876543210'.includes(pin)) throw new Refusal('pin.too-simple');
}

export async function setPin(
  deps: PinDeps,
  { msisdn, language, pin }: { msisdn: Msisdn; language: string; pin: string },
): Promise<void> {
  judgeNewPin({ pin });
  const pinHash = await deps.pins.hash(pin);
  await deps.database.transaction(async (tx) => {
    const customer = await lockCustomer(deps, tx, msisdn, language);
    await tx.update(CustomerSchema, { id: customer.id }, { pinHash, pinFailures: 0, pinLockedUntilMs: null });
  });
}

export async function removePin(deps: PinDeps, { msisdn }: { msisdn: Msisdn }): Promise<void> {
  await deps.database.transaction((tx) =>
    tx.update(CustomerSchema, { msisdn }, { pinHash: null, pinFailures: 0, pinLockedUntilMs: null }),
  );
}

/**
 * Compares a PIN. After three wrong tries it is locked, for twice as long each time. A repeated request (the same
 * turn) is not a second try and gets the same answer.
 */
export async function checkPin(
  deps: PinDeps,
  { msisdn, pin, turnKey }: { msisdn: Msisdn; pin: string; turnKey: string },
): Promise<PinCheck> {
  const before = await deps.database.reader.findOne(CustomerSchema, { where: { msisdn } });
  if (!before?.pinHash) return { kind: 'right' };
  // Slow on purpose, so outside the transaction; the lock below decides whether the try counts.
  const isRight = await deps.pins.verify(before.pinHash, pin);
  return deps.database.transaction(async (tx) => {
    const customer = await tx.lockOne(CustomerSchema, { msisdn });
    if (!customer?.pinHash) return { kind: 'right' };
    if (customer.pinTurnKey === turnKey && customer.pinTurnResult) return JSON.parse(customer.pinTurnResult);
    const now = deps.runtime.clock.now();
    if (customer.pinLockedUntilMs !== null && customer.pinLockedUntilMs > now) {
      return { kind: 'locked', untilMs: customer.pinLockedUntilMs };
    }
    const pinFailures = isRight ? 0 : customer.pinFailures + 1;
    const pinLockedUntilMs = lockAfter(pinFailures, now);
    const result = resultOf(isRight, pinFailures, pinLockedUntilMs);
    const pinTurnResult = JSON.stringify(result);
    await tx.update(
      CustomerSchema,
      { id: customer.id },
      { pinFailures, pinLockedUntilMs, pinTurnKey: turnKey, pinTurnResult },
    );
    return result;
  });
}

function lockAfter(failures: number, now: number): number | null {
  if (failures === 0 || failures % TRIES !== 0) return null;
  return now + Math.min(FIRST_LOCK_MS * 2 ** (failures / TRIES - 1), LONGEST_LOCK_MS);
}

function resultOf(isRight: boolean, failures: number, lockedUntilMs: number | null): PinCheck {
  if (isRight) return { kind: 'right' };
  if (lockedUntilMs !== null) return { kind: 'locked', untilMs: lockedUntilMs };
  return { kind: 'wrong', triesLeft: TRIES - (failures % TRIES) };
}
