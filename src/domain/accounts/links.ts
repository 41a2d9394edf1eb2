import { LessThan, MoreThanOrEqual } from 'typeorm';
import { type Msisdn, Refusal, type Runtime } from '../../kernel/index.ts';
import type { Database } from '../../platform/database/index.ts';
import type { Sealing } from '../../platform/sealing/index.ts';
import { CustomerSchema, LAPSE_AFTER_MS, lockCustomer } from '../customers/index.ts';
import { type AccountLink, AccountLinkSchema } from './account-link.ts';

export interface LinkDeps {
  runtime: Runtime;
  database: Database;
  sealing: Sealing;
}

const MOST_LINKS = 20;

/** The accounts that a number has linked, in the order of linking. A number that was idle for 180 days has none. */
export async function listLinks(deps: LinkDeps, { msisdn }: { msisdn: Msisdn }): Promise<AccountLink[]> {
  const { reader } = deps.database;
  const customer = await reader.findOne(CustomerSchema, { where: { msisdn } });
  if (!customer || deps.runtime.clock.now() - customer.lastSeenAtMs > LAPSE_AFTER_MS) return [];
  const where = { customerId: customer.id, linkedAtMs: MoreThanOrEqual(customer.ownerSinceMs) };
  return reader.find(AccountLinkSchema, { where, order: { id: 'ASC' }, take: MOST_LINKS });
}

/** Links an account that the caller has just verified with its biller. */
export async function linkAccount(
  deps: LinkDeps,
  input: { msisdn: Msisdn; language: string; billerId: string; account: string; holder: string },
): Promise<'linked' | 'already'> {
  return deps.database.transaction(async (tx) => {
    const customer = await lockCustomer(deps, tx, input.msisdn, input.language);
    const { billerId, account, holder } = input;
    // What the number's former owner linked, before it was silent for half a year.
    await tx.manager.delete(AccountLinkSchema, {
      customerId: customer.id,
      linkedAtMs: LessThan(customer.ownerSinceMs),
    });
    if (await tx.findOne(AccountLinkSchema, { customerId: customer.id, billerId, account })) return 'already';
    const count = await tx.manager.countBy(AccountLinkSchema, { customerId: customer.id });
    if (count >= MOST_LINKS) throw new Refusal('account.too-many-links', { most: MOST_LINKS });
    await tx.insert(AccountLinkSchema, {
      id: deps.runtime.ids.next(),
      customerId: customer.id,
      billerId,
      account,
      nickname: '',
      holder: holder.slice(0, 64),
      linkedAtMs: deps.runtime.clock.now(),
    });
    return 'linked';
  });
}

export async function renameLink(
  deps: LinkDeps,
  input: { msisdn: Msisdn; linkId: string; nickname: string },
): Promise<void> {
  const nickname = input.nickname.trim().slice(0, 24);
  await changeOwn(deps, input, (tx, link) => tx.update(AccountLinkSchema, { id: link.id }, { nickname }));
}

export async function unlink(deps: LinkDeps, input: { msisdn: Msisdn; linkId: string }): Promise<void> {
  await changeOwn(deps, input, (tx, link) => tx.manager.delete(AccountLinkSchema, { id: link.id }));
}

/** A link of another number does not exist for this one; one that is gone already is no error (a repeated turn). */
async function changeOwn(
  deps: LinkDeps,
  { msisdn, linkId }: { msisdn: Msisdn; linkId: string },
  change: (tx: Parameters<Parameters<Database['transaction']>[0]>[0], link: AccountLink) => Promise<unknown>,
): Promise<void> {
  await deps.database.transaction(async (tx) => {
    const customer = await tx.lockOne(CustomerSchema, { msisdn });
    const link = customer && (await tx.findOne(AccountLinkSchema, { id: linkId, customerId: customer.id }));
    if (link) await change(tx, link);
  });
}

/** The one number linked to an account whose digits fit an operator's mask; undefined when none or several do. */
export async function findLinkedNumbers(
  deps: LinkDeps,
  { billerId, account }: { billerId: string; account: string },
): Promise<Msisdn[]> {
  const { reader } = deps.database;
  const links = await reader.find(AccountLinkSchema, { where: { billerId, account }, take: 50 });
  if (links.length === 0) return [];
  const customers = await Promise.all(
    links.map(({ customerId }) => reader.findOne(CustomerSchema, { where: { id: customerId } })),
  );
  const now = deps.runtime.clock.now();
  return customers.flatMap((customer, index) => {
    const linkedAtMs = links[index]?.linkedAtMs ?? 0;
    const isHis = customer && now - customer.lastSeenAtMs <= LAPSE_AFTER_MS && linkedAtMs >= customer.ownerSinceMs;
    return isHis ? [customer.msisdn] : [];
  });
}
