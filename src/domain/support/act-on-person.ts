import { type Msisdn, Refusal } from '../../kernel/index.ts';
import { AccountLinkSchema } from '../accounts/index.ts';
import { type Actor, recordAct } from '../audit/index.ts';
import { CustomerSchema } from '../customers/index.ts';
import type { SupportDeps } from './deps.ts';

interface PersonAct {
  msisdn: Msisdn;
  reason: string;
}

/** Takes an account off a number. Refuses with `link.not-found`. */
export async function unlinkAccount(
  deps: SupportDeps,
  actor: Actor,
  { msisdn, reason, linkId }: PersonAct & { linkId: string },
): Promise<void> {
  await deps.database.transaction(async (tx) => {
    const customer = await tx.lockOne(CustomerSchema, { msisdn });
    const link = customer && (await tx.findOne(AccountLinkSchema, { id: linkId, customerId: customer.id }));
    if (!link) throw new Refusal('link.not-found');
    await tx.manager.delete(AccountLinkSchema, { id: link.id });
    const before = { billerId: link.billerId, account: link.account };
    await recordAct(deps, tx, {
      ...{ actor, act: 'account.unlinked', subject: { kind: 'person', id: customer.id }, reason, before },
    });
  });
}

/** Ends the wait after wrong service PINs. Refuses with `person.not-found`. */
export async function unlockPin(deps: SupportDeps, actor: Actor, { msisdn, reason }: PersonAct): Promise<void> {
  await deps.database.transaction(async (tx) => {
    const customer = await tx.lockOne(CustomerSchema, { msisdn });
    if (!customer) throw new Refusal('person.not-found');
    await tx.update(CustomerSchema, { id: customer.id }, { pinFailures: 0, pinLockedUntilMs: null });
    const before = { failures: customer.pinFailures, lockedUntilMs: customer.pinLockedUntilMs };
    await recordAct(deps, tx, {
      ...{ actor, act: 'pin.unlocked', subject: { kind: 'person', id: customer.id }, reason, before },
    });
  });
}
