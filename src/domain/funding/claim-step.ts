import { invariant, Refusal } from '../../kernel/index.ts';
import type { Actor } from '../audit/index.ts';
import { type Funding, FundingSchema, type FundingState } from './funding.ts';
import { actorText, type Doer, type FundingDeps, recordFundingAct } from './funding-deps.ts';
import { lockFunding, moveFunding, type WhichFunding } from './move-funding.ts';

/** banked: the money is on our account at the bank. available: it was moved from there to the operator's account. */
export type FundingStep = 'banked' | 'available';

const BEFORE: Readonly<Record<FundingStep, FundingState>> = { banked: 'expected', available: 'banked' };
const [SHORTEST, LONGEST] = [3, 255];

/** What can be said of it next; undefined when it is over. */
export function nextStep({ state }: Pick<Funding, 'state'>): FundingStep | undefined {
  return (Object.keys(BEFORE) as FundingStep[]).find((step) => BEFORE[step] === state);
}

/**
 * One person says, with evidence, that a step was taken; it waits for another's word. He may mend what he said. Refuses with
 * `funding.not-found`, `funding.state` (`{state}`), `funding.evidence`, and `funding.claimed` when somebody else has said it.
 */
export async function claimStep(
  deps: FundingDeps,
  { actor, personId }: Doer,
  { step, evidence: written, ...which }: WhichFunding & { step: FundingStep; evidence: string },
): Promise<Funding> {
  const evidence = written.trim();
  if (evidence.length < SHORTEST || evidence.length > LONGEST) throw new Refusal('funding.evidence');
  return deps.database.transaction(async (tx) => {
    const funding = await lockFunding(tx, which);
    if (funding.state !== BEFORE[step]) throw new Refusal('funding.state', { state: funding.state });
    if (funding.claimedBy !== null && funding.claimedBy !== personId) throw new Refusal('funding.claimed');
    // Never the same instant twice: whoever confirms says which word of his he has read.
    const claimedAtMs = Math.max(deps.runtime.clock.now(), (funding.claimedAtMs ?? 0) + 1);
    const claim = { claimedStep: step, claimedBy: personId, claimEvidence: evidence, claimedAtMs };
    await tx.update(FundingSchema, { id: funding.id }, claim);
    await recordFundingAct(deps, tx, actor, {
      ...{ organisationId: funding.organisationId, act: `funding.${step}-claimed` },
      subject: { kind: 'funding', id: funding.id },
      after: { evidence, amountMinor: funding.amountMinor },
    });
    return { ...funding, ...claim };
  });
}

/** The claim that somebody has read: of this step, said at that time. */
interface ReadClaim extends WhichFunding {
  step: FundingStep;
  claimedAtMs: number;
}

/**
 * Another person agrees: the step is taken and booked. Refuses with `funding.not-found`, `funding.claim-changed` (there is none, or not the one that he has read) and
 * `funding.same-person`.
 */
export function confirmStep(deps: FundingDeps, { actor, personId }: Doer, claim: ReadClaim): Promise<Funding> {
  return deps.database.transaction(async (tx) => {
    const funding = await lockFunding(tx, claim);
    const { claimEvidence, claimedBy, organisationId, amountMinor } = funding;
    assertIsRead(funding, claim);
    if (claimedBy === personId) throw new Refusal('funding.same-person');
    invariant(claimEvidence !== null, 'a claim has evidence');
    await recordFundingAct(deps, tx, actor, {
      ...{ organisationId, act: `funding.${claim.step}-confirmed`, subject: { kind: 'funding', id: funding.id } },
      after: { evidence: claimEvidence, claimedBy, amountMinor },
    });
    const cause = { actor: actorText(actor), reason: claimEvidence };
    return moveFunding(
      deps,
      tx,
      funding,
      claim.step,
      cause,
      taken(claim.step, deps.runtime.clock.now(), claimEvidence),
    );
  });
}

/** What a step leaves in the row. */
export function taken(step: FundingStep, atMs: number, evidence: string): Partial<Funding> {
  return step === 'banked'
    ? { bankedAtMs: atMs, bankEvidence: evidence }
    : { availableAtMs: atMs, moveEvidence: evidence };
}

/** The claim is no good, or was a mistake: nobody has said anything any more. By anybody. Refuses with `funding.not-found` and `funding.claim-changed`. */
export function dropClaim(
  deps: FundingDeps,
  actor: Actor,
  { reason, ...claim }: ReadClaim & { reason: string },
): Promise<Funding> {
  return deps.database.transaction(async (tx) => {
    const funding = await lockFunding(tx, claim);
    assertIsRead(funding, claim);
    const { claimEvidence: evidence, claimedBy, organisationId } = funding;
    const none = { claimedStep: null, claimedBy: null, claimEvidence: null, claimedAtMs: null };
    await tx.update(FundingSchema, { id: funding.id }, none);
    await recordFundingAct(deps, tx, actor, {
      ...{
        organisationId,
        act: `funding.${claim.step}-declined`,
        subject: { kind: 'funding', id: funding.id },
        reason,
      },
      before: { evidence, claimedBy },
    });
    return { ...funding, ...none };
  });
}

function assertIsRead({ claimedStep, claimedAtMs }: Funding, read: ReadClaim): void {
  if (claimedStep !== read.step || claimedAtMs !== read.claimedAtMs) throw new Refusal('funding.claim-changed');
}
