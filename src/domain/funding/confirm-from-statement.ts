import type { Money } from '../../kernel/index.ts';
import { taken } from './claim-step.ts';
import { FundingSchema } from './funding.ts';
import { actorText, type Doer, type FundingDeps, recordFundingAct } from './funding-deps.ts';
import { moveFunding } from './move-funding.ts';

/** A line of the bank's statement: money that came to our account. */
export interface BankLine {
  /** As the payer wrote it, without spaces around it. */
  reference: string;
  amount: Money;
  /** Where it stands, for the books: day, file and line. */
  evidence: string;
}

/**
 * banked: the money of that funding came. before: its money was known to have come. amount: another one than was announced. cancelled: it was given
 * up. own-claim: who reads the statement is the one who said that it came. unknown: no funding has that reference.
 */
export type BankLineFate = 'banked' | 'before' | 'amount' | 'cancelled' | 'own-claim' | 'unknown';

/** Takes a line as the word that a funding's money is at the bank: by its reference and amount, exactly, and by nothing else. */
export function confirmFromStatement(
  deps: FundingDeps,
  { actor, personId }: Doer,
  { reference, amount, evidence }: BankLine,
): Promise<BankLineFate> {
  return deps.database.transaction(async (tx) => {
    const funding = await tx.lockOne(FundingSchema, { reference });
    if (!funding) return 'unknown';
    if (funding.amountMinor !== amount.amountMinor || funding.currency !== amount.currency) return 'amount';
    if (funding.state === 'cancelled') return 'cancelled';
    if (funding.state !== 'expected') return 'before';
    if (funding.claimedBy === personId) return 'own-claim';
    const { id, organisationId, amountMinor } = funding;
    await recordFundingAct(deps, tx, actor, {
      ...{ organisationId, act: 'funding.banked-by-statement', subject: { kind: 'funding', id } },
      after: { evidence, amountMinor },
    });
    const cause = { actor: actorText(actor), reason: evidence };
    await moveFunding(deps, tx, funding, 'banked', cause, taken('banked', deps.runtime.clock.now(), evidence));
    return 'banked';
  });
}
