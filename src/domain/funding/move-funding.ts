import { Refusal } from '../../kernel/index.ts';
import { ledgerAccount, postEntry } from '../../money/ledger/index.ts';
import type { Tx } from '../../platform/database/index.ts';
import { OrganisationSchema, ownAccountOf } from '../organisations/index.ts';
import { type Funding, FundingEventSchema, FundingSchema, type FundingState, fundingStates } from './funding.ts';
import { type FundingDeps, ORGANISATION_FUNDED } from './funding-deps.ts';

export interface Cause {
  /** As `actorText` writes him. */
  actor: string;
  reason: string;
}

/** Behind its lock. Refuses with `funding.not-found`, also one of somebody else. */
export async function lockFunding(tx: Tx, { fundingId, organisationId }: WhichFunding): Promise<Funding> {
  const funding = await tx.lockOne(FundingSchema, { id: fundingId });
  if (!funding || funding.organisationId !== organisationId) throw new Refusal('funding.not-found');
  return funding;
}

export interface WhichFunding {
  fundingId: string;
  organisationId: string;
}

const NO_CLAIM = { claimedStep: null, claimedBy: null, claimEvidence: null, claimedAtMs: null };

/** The one way in which a funding's state changes: an allowed transition, its event and its entry in the ledger, on a row that is locked. */
export async function moveFunding(
  deps: FundingDeps,
  tx: Tx,
  funding: Funding,
  to: FundingState,
  cause: Cause,
  patch: Partial<Funding> = {},
): Promise<Funding> {
  fundingStates.assert(funding.state, to);
  const change = { ...NO_CLAIM, ...patch, state: to };
  await tx.update(FundingSchema, { id: funding.id }, change);
  await recordFundingEvent(deps, tx, funding.id, funding.state, to, cause);
  if (to === 'banked') await bookBanked(deps, tx, funding);
  if (to === 'available') await bookAvailable(deps, tx, funding);
  return { ...funding, ...change };
}

export async function recordFundingEvent(
  { runtime }: FundingDeps,
  tx: Tx,
  fundingId: string,
  fromState: FundingState | 'none',
  toState: FundingState,
  { actor, reason }: Cause,
): Promise<void> {
  await tx.insert(FundingEventSchema, {
    ...{ id: runtime.ids.next(), fundingId, fromState, toState },
    ...{ actor: actor.slice(0, 48), reason: reason.slice(0, 500), atMs: runtime.clock.now() },
  });
}

/** On our account at the bank, and owed to who sent it. */
function bookBanked(deps: FundingDeps, tx: Tx, { id, organisationId, amountMinor, currency }: Funding): Promise<void> {
  const [debit, credit] = [ledgerAccount.bank, ledgerAccount.incoming(organisationId)];
  const movements = [{ debit, credit, amount: { amountMinor, currency } }];
  return postEntry(deps, tx, { kind: 'funding-banked', subjectId: id, movements });
}

/** From the bank to the operator; and the organisation may spend it. Who waits for that is told. */
async function bookAvailable(deps: FundingDeps, tx: Tx, funding: Funding): Promise<void> {
  const { id, organisationId, amountMinor, currency } = funding;
  const organisation = await tx.findOne(OrganisationSchema, { id: organisationId });
  if (!organisation) throw new Refusal('organisation.not-found');
  const amount = { amountMinor, currency };
  await postEntry(deps, tx, {
    kind: 'funding-available',
    subjectId: id,
    movements: [
      {
        debit: ledgerAccount.float(organisation.operator, ownAccountOf(organisation)?.shortCode),
        credit: ledgerAccount.bank,
        amount,
      },
      { debit: ledgerAccount.incoming(organisationId), credit: ledgerAccount.organisation(organisationId), amount },
    ],
  });
  await deps.outbox.emit(tx, { topic: ORGANISATION_FUNDED, key: id, payload: { organisationId } });
}
