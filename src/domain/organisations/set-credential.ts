import { In } from 'typeorm';
import { z } from 'zod';
import { formatDecimal, Refusal } from '../../kernel/index.ts';
import { accountBalance, ledgerAccount } from '../../money/ledger/index.ts';
import { TransferSchema } from '../../money/transfers/index.ts';
import type { Tx } from '../../platform/database/index.ts';
import type { PayoutAccount } from '../../providers/operators/index.ts';
import type { Actor } from '../audit/index.ts';
import { type OrganisationDeps, recordOrganisationAct } from './deps.ts';
import { lockOrganisation } from './may-pay.ts';
import { type Organisation, OrganisationSchema } from './organisation.ts';

/** The operator's user by whom payouts are asked for, with the credential as the operator wants it: already encrypted under its certificate. */
export interface Initiator {
  name: string;
  credential: string;
}

const initiatorSchema = z.strictObject({
  name: z.string().regex(/^[\x21-\x7e]{2,64}$/),
  credential: z.string().regex(/^[\x21-\x7e]{8,2000}$/),
});

/**
 * Gives an organisation a paybill of its own and the credential that pays from it, which is sealed and never shown again. Refuses with
 * `organisation.not-found`, `organisation.malformed-credential` (`{field}`), and with `organisation.has-money` where it would pay from another
 * account than before; a new credential of the same short code may be set at any time.
 */
export async function setCredential(
  deps: OrganisationDeps,
  actor: Actor,
  input: { organisationId: string; reason: string; shortCode: string; initiator: Initiator },
): Promise<void> {
  const { organisationId, reason } = input;
  const shortCode = input.shortCode.trim();
  if (!/^\d{5,9}$/.test(shortCode)) throw new Refusal('organisation.malformed-credential', { field: 'shortCode' });
  const { name, credential } = input.initiator;
  const initiator = initiatorSchema.safeParse({ name: name.trim(), credential: credential.trim() });
  if (!initiator.success) {
    const field = initiator.error.issues[0]?.path[0] === 'name' ? 'initiator' : 'credential';
    throw new Refusal('organisation.malformed-credential', { field });
  }
  const sealedInitiator = deps.sealing.seal(JSON.stringify(initiator.data));
  await deps.database.transaction(async (tx) => {
    const organisation = await lockOrganisation(tx, organisationId);
    const { shortCode: before } = organisation;
    if (ownAccountOf(organisation)?.shortCode !== shortCode) await refuseWithMoney(tx, organisation);
    await tx.update(OrganisationSchema, { id: organisationId }, { shortCode, sealedInitiator });
    await recordOrganisationAct(deps, tx, organisationId, {
      ...{ actor, act: 'organisation.credential-set', reason },
      ...{ before: { shortCode: before }, after: { shortCode, initiator: initiator.data.name } },
    });
  });
}

/**
 * It pays from the paybill that it shares with others again; its credential is gone. Refuses with `organisation.not-found` and
 * `organisation.has-money`.
 */
export async function dropCredential(
  deps: OrganisationDeps,
  actor: Actor,
  { organisationId, reason }: { organisationId: string; reason: string },
): Promise<void> {
  await deps.database.transaction(async (tx) => {
    const organisation = await lockOrganisation(tx, organisationId);
    const { shortCode } = organisation;
    if (ownAccountOf(organisation)) await refuseWithMoney(tx, organisation);
    await tx.update(OrganisationSchema, { id: organisationId }, { shortCode: null, sealedInitiator: null });
    const states = { before: { shortCode }, after: { shortCode: null } };
    await recordOrganisationAct(deps, tx, organisationId, {
      ...{ actor, act: 'organisation.credential-dropped', reason },
      ...states,
    });
  });
}

/**
 * What it may spend is one sum, wherever the money lies: paid from another account than it was brought to, it would be spent out of
 * what lies there for others.
 */
async function refuseWithMoney({ manager }: Tx, { id, currency }: Organisation): Promise<void> {
  const held = {
    organisation: ledgerAccount.organisation(id),
    incoming: ledgerAccount.incoming(id),
    fees: ledgerAccount.payoutFees(id),
  };
  for (const [what, account] of Object.entries(held)) {
    const amountMinor = -(await accountBalance(manager, account, currency));
    if (amountMinor === 0n) continue;
    throw new Refusal('organisation.has-money', { what, amount: formatDecimal({ amountMinor, currency }), currency });
  }
  const underWay = { ownAccountId: id, state: In(['requested', 'submitted', 'unknown']) };
  if (await manager.existsBy(TransferSchema, underWay))
    throw new Refusal('organisation.has-money', { what: 'payouts' });
}

/** The account of its own from which an organisation pays; undefined for who pays from the shared paybill. */
export function ownAccountOf({
  id,
  shortCode,
  sealedInitiator,
}: Pick<Organisation, 'id' | 'shortCode' | 'sealedInitiator'>): { id: string; shortCode: string } | undefined {
  return shortCode === null || sealedInitiator === null ? undefined : { id, shortCode };
}

/** With its credential: for whoever asks the operator for payouts, what became of them and what it holds, and for nobody else. */
export async function findPayoutAccount(
  deps: Pick<OrganisationDeps, 'sealing' | 'database'>,
  organisationId: string,
): Promise<PayoutAccount | undefined> {
  const organisation = await deps.database.reader.findOne(OrganisationSchema, { where: { id: organisationId } });
  const account = organisation && ownAccountOf(organisation);
  const initiator = account && initiatorOf(deps, organisation);
  if (!initiator) return undefined;
  return { shortCode: account.shortCode, initiator: initiator.name, securityCredential: initiator.credential };
}

/** Undefined for who pays from the shared paybill. */
export function initiatorOf(
  { sealing }: Pick<OrganisationDeps, 'sealing'>,
  { sealedInitiator }: Pick<Organisation, 'sealedInitiator'>,
): Initiator | undefined {
  return sealedInitiator === null ? undefined : initiatorSchema.parse(JSON.parse(sealing.open(sealedInitiator)));
}
