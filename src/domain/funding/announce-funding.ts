import { In } from 'typeorm';
import { businessDay, invariant, LARGEST_AMOUNT_MINOR, newReference, Refusal } from '../../kernel/index.ts';
import type { Tx } from '../../platform/database/index.ts';
import type { Actor } from '../audit/index.ts';
import { OrganisationSchema } from '../organisations/index.ts';
import { needOfCost } from './cost.ts';
import { type Funding, FundingSchema, type Quotation, QuotationSchema } from './funding.ts';
import { actorText, type FundingDeps, recordFundingAct } from './funding-deps.ts';
import { lockFunding, moveFunding, recordFundingEvent, type WhichFunding } from './move-funding.ts';

/** What an organisation says that it sends. With a quotation: all that the quotation needs, unless another amount is given. */
export interface Announced {
  organisationId: string;
  quotationId?: string | undefined;
  amountMinor?: bigint | undefined;
}

/** Waiting for money at once, of one organisation. */
const MOST_EXPECTED = 50;

/**
 * Announces money under a reference of its own, which the transfer must carry. A quotation is announced once, unless that was cancelled. Refuses
 * with `organisation.not-found`, `funding.too-many-expected` (`{most}`), `quotation.not-found`, `funding.quotation-over` (`{day}`), `funding.quotation-used` (`{reference}`) and
 * `funding.amount`.
 */
export function announceFunding(deps: FundingDeps, actor: Actor, announced: Announced): Promise<Funding> {
  const { organisationId } = announced;
  return deps.database.transaction(async (tx) => {
    // Its lock keeps two announcements apart: of one quotation, and of the last that may wait.
    const organisation = await tx.lockOne(OrganisationSchema, { id: organisationId });
    if (!organisation) throw new Refusal('organisation.not-found');
    const waiting = await tx.manager.countBy(FundingSchema, { organisationId, state: In(['expected']) });
    if (waiting >= MOST_EXPECTED) throw new Refusal('funding.too-many-expected', { most: MOST_EXPECTED });
    const quotation = await quotationOf(deps, tx, announced);
    const amountMinor = announced.amountMinor ?? (quotation ? needOfCost(quotation) : 0n);
    if (amountMinor <= 0n || amountMinor > LARGEST_AMOUNT_MINOR) throw new Refusal('funding.amount');
    const funding = await insertReferenced(deps, tx, {
      ...{ organisationId, quotationId: quotation?.id ?? null, currency: organisation.currency, amountMinor },
    });
    const { id, reference } = funding;
    await recordFundingEvent(deps, tx, id, 'none', 'expected', { actor: actorText(actor), reason: 'announced' });
    await recordFundingAct(deps, tx, actor, {
      ...{ organisationId, act: 'funding.announced', subject: { kind: 'funding', id } },
      after: { reference, amountMinor, quotation: quotation?.number ?? null },
    });
    return funding;
  });
}

async function quotationOf(
  { runtime, fundingSettings }: FundingDeps,
  tx: Tx,
  { organisationId, quotationId }: Announced,
): Promise<Quotation | undefined> {
  if (quotationId === undefined) return undefined;
  const quotation = await tx.findOne(QuotationSchema, { id: quotationId });
  if (quotation?.organisationId !== organisationId) throw new Refusal('quotation.not-found');
  const today = businessDay(runtime.clock.now(), fundingSettings.timeZone);
  if (today > quotation.validUntilDay) throw new Refusal('funding.quotation-over', { day: quotation.validUntilDay });
  const where = { organisationId, quotationId, state: In(['expected', 'banked', 'available']) };
  const used = await tx.manager.findOneBy(FundingSchema, where);
  if (used) throw new Refusal('funding.quotation-used', { reference: used.reference });
  return quotation;
}

const MOST_DRAWS = 5;

/** A reference that is taken is drawn again. */
async function insertReferenced(
  { runtime }: FundingDeps,
  tx: Tx,
  own: Pick<Funding, 'organisationId' | 'quotationId' | 'currency' | 'amountMinor'>,
): Promise<Funding> {
  const { ids, clock, chance } = runtime;
  for (let draw = 0; draw < MOST_DRAWS; draw += 1) {
    const funding: Funding = {
      ...{ id: ids.next(), ...own, reference: `F${newReference(chance).slice(1)}`, state: 'expected' },
      ...{ orderNumber: null, orderMinor: null, expectedAtMs: clock.now() },
      ...{ claimedStep: null, claimedBy: null, claimEvidence: null, claimedAtMs: null },
      ...{ bankedAtMs: null, bankEvidence: null, availableAtMs: null, moveEvidence: null },
    };
    if (await tx.insertOnce(FundingSchema, funding)) return funding;
  }
  invariant(false, 'no free reference of a funding was found');
}

/** Nothing came. Refuses with `funding.not-found`, `funding.state` (`{state}`), and `funding.claimed` while somebody says that it did. */
export function cancelFunding(
  deps: FundingDeps,
  actor: Actor,
  { reason, ...which }: WhichFunding & { reason: string },
): Promise<Funding> {
  return deps.database.transaction(async (tx) => {
    const funding = await lockFunding(tx, which);
    if (funding.state !== 'expected') throw new Refusal('funding.state', { state: funding.state });
    if (funding.claimedStep !== null) throw new Refusal('funding.claimed');
    await recordFundingAct(deps, tx, actor, {
      ...{ organisationId: funding.organisationId, act: 'funding.cancelled', reason },
      subject: { kind: 'funding', id: funding.id },
    });
    return moveFunding(deps, tx, funding, 'cancelled', { actor: actorText(actor), reason });
  });
}
