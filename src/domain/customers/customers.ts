import type { Msisdn, Runtime } from '../../kernel/index.ts';
import type { Database } from '../../platform/database/index.ts';
import type { Sealing } from '../../platform/sealing/index.ts';
import { type Customer, CustomerSchema } from './customer.ts';
import { lockCustomer } from './lock-customer.ts';

export interface CustomerDeps {
  runtime: Runtime;
  database: Database;
  sealing: Sealing;
  /** For people who never chose one. */
  defaultLanguage: string;
}

const DAY_MS = 86_400_000;
/** A number that was silent for so long may belong to someone else by now. */
export const LAPSE_AFTER_MS = 180 * DAY_MS;

export interface CustomerView {
  msisdn: Msisdn;
  language: string;
  hasPin: boolean;
  /** Only while the PIN is locked. */
  pinLockedUntilMs?: number;
  promptsBlocked: boolean;
}

/** Who dials, or undefined for a number that we do not know. Notes, at most once a day, that he was here. */
export async function findCustomer(
  deps: CustomerDeps,
  { msisdn }: { msisdn: Msisdn },
): Promise<CustomerView | undefined> {
  const [customer]: WhoDials[] = await deps.database.reader.query(WHO_DIALS, [msisdn]);
  if (!customer) return undefined;
  const now = deps.runtime.clock.now();
  const idleMs = now - Number(customer.lastSeenAtMs);
  if (idleMs > DAY_MS) await noteSeen(deps, customer, idleMs > LAPSE_AFTER_MS);
  const hasPin = customer.pinHash !== null && idleMs <= LAPSE_AFTER_MS;
  const pinLockedUntilMs = Number(customer.pinLockedUntilMs ?? 0);
  return {
    msisdn,
    language: customer.language,
    hasPin,
    ...(hasPin && pinLockedUntilMs > now ? { pinLockedUntilMs } : {}),
    promptsBlocked: customer.promptsBlockedAtMs !== null && idleMs <= LAPSE_AFTER_MS,
  };
}

/**
 * Asked at every dialling. `findOne` would build this statement anew each time, which costs more than to send it and
 * read the answer.
 */
const WHO_DIALS = `
  SELECT id, language, pin_hash AS pinHash, pin_locked_until AS pinLockedUntilMs, prompts_blocked_at AS promptsBlockedAtMs, last_seen_at AS lastSeenAtMs
  FROM customer WHERE msisdn = ?`;

/** The stores differ in how they give an instant. */
type WhoDials = Pick<Customer, 'id' | 'language' | 'pinHash'> & {
  pinLockedUntilMs: unknown;
  promptsBlockedAtMs: unknown;
  lastSeenAtMs: unknown;
};

async function noteSeen(deps: CustomerDeps, customer: Pick<Customer, 'id'>, lapsed: boolean): Promise<void> {
  const lastSeenAtMs = deps.runtime.clock.now();
  const nobodys = {
    ...{ pinHash: null, pinFailures: 0, pinLockedUntilMs: null },
    ...{ promptsBlockedAtMs: null, remindersStoppedAtMs: null },
  };
  // As far as we know this is somebody else: what the former owner linked is older than this one.
  const patch = lapsed ? { lastSeenAtMs, ...nobodys, ownerSinceMs: lastSeenAtMs } : { lastSeenAtMs };
  await deps.database.transaction((tx) => tx.update(CustomerSchema, { id: customer.id }, patch));
}

export async function languageOf(deps: CustomerDeps, msisdn: Msisdn): Promise<string> {
  const customer = await deps.database.reader.findOne(CustomerSchema, { where: { msisdn } });
  return customer?.language ?? deps.defaultLanguage;
}

export async function setLanguage(
  deps: CustomerDeps,
  { msisdn, language }: { msisdn: Msisdn; language: string },
): Promise<void> {
  await deps.database.transaction(async (tx) => {
    const customer = await lockCustomer(deps, tx, msisdn, language);
    await tx.update(CustomerSchema, { id: customer.id }, { language });
  });
}

/** Whether other numbers may make his handset ask for money. */
export async function setPromptBlock(
  deps: CustomerDeps,
  { msisdn, language, blocked }: { msisdn: Msisdn; language: string; blocked: boolean },
): Promise<void> {
  await deps.database.transaction(async (tx) => {
    const customer = await lockCustomer(deps, tx, msisdn, language);
    const promptsBlockedAtMs = blocked ? deps.runtime.clock.now() : null;
    await tx.update(CustomerSchema, { id: customer.id }, { promptsBlockedAtMs });
  });
}
