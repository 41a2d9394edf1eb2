import { MoreThanOrEqual } from 'typeorm';
import { businessDay, invariant, minorDigits, newReference, Refusal, startOfDay } from '../../kernel/index.ts';
import type { Tx } from '../../platform/database/index.ts';
import type { Actor } from '../audit/index.ts';
import { type Organisation, OrganisationSchema } from '../organisations/index.ts';
import { addWorkingDays } from '../working-time/index.ts';
import { type AmountGroup, costOf, evenAmounts, type PayoutCost } from './cost.ts';
import { type Quotation, QuotationSchema } from './funding.ts';
import { actorText, type FundingDeps, recordFundingAct } from './funding-deps.ts';
import { type PayoutRules, workingTimeIn } from './payout-rules.ts';
import { detailsOf } from './quotation-details.ts';

/** What is to be paid: a total over so many rows, before there is a list; or exactly these amounts. */
export type Quoted = { totalMinor: bigint; rows: number } | { amounts: Iterable<bigint | AmountGroup> };

const MOST_A_DAY = 200;
const MOST_ROWS = 1_000_000;

/**
 * Offers a price. It moves nothing and binds nobody but us, until its last day. Refuses with `organisation.not-found`,
 * `funding.quotations-today` (`{most}`), `funding.nothing`, `funding.whole-amounts`, `funding.rows` (`{most}`), `funding.too-little` (less than one unit a row), and as `costOf`.
 */
export function makeQuotation(
  deps: FundingDeps,
  actor: Actor,
  { organisationId, ...quoted }: { organisationId: string } & Quoted,
): Promise<Quotation> {
  // Once: what is iterable may be read a single time, and a transaction may run twice.
  const given: Quoted = 'amounts' in quoted ? { amounts: [...quoted.amounts] } : quoted;
  return deps.database.transaction(async (tx) => {
    const organisation = await tx.findOne(OrganisationSchema, { id: organisationId });
    if (!organisation) throw new Refusal('organisation.not-found');
    await refuseTooMany(deps, tx, organisationId);
    const cost = priceOf(deps.payoutRules, organisation, given);
    const { currency, country } = organisation;
    const { runtime, payoutRules, fundingSettings } = deps;
    const createdAtMs = runtime.clock.now();
    const today = businessDay(createdAtMs, fundingSettings.timeZone);
    const { byBand: _, ...sums } = cost;
    const blank: Omit<Quotation, 'number'> = {
      ...{ id: runtime.ids.next(), organisationId, currency, ...sums },
      details: detailsOf(payoutRules, cost, { operator: organisation.operator, isEstimate: !('amounts' in given) }),
      validUntilDay: addWorkingDays(workingTimeIn(payoutRules, country), today, payoutRules.quotationBusinessDays),
      ...{ createdBy: actorText(actor), createdAtMs },
    };
    const quotation = await insertNumbered(deps, tx, blank);
    await recordFundingAct(deps, tx, actor, {
      ...{ organisationId, act: 'quotation.made', subject: { kind: 'quotation', id: quotation.id } },
      after: { number: quotation.number, ...sums, validUntilDay: quotation.validUntilDay },
    });
    return quotation;
  });
}

async function refuseTooMany({ runtime, fundingSettings }: FundingDeps, tx: Tx, organisationId: string): Promise<void> {
  const createdAtMs = MoreThanOrEqual(startOfDay(runtime.clock.now(), fundingSettings.timeZone));
  const today = await tx.manager.countBy(QuotationSchema, { organisationId, createdAtMs });
  if (today >= MOST_A_DAY) throw new Refusal('funding.quotations-today', { most: MOST_A_DAY });
}

function priceOf(rules: PayoutRules, { operator, currency }: Organisation, quoted: Quoted): PayoutCost {
  invariant(currency === rules.currency, 'organisations pay in the currency of the business');
  const cost = costOf(rules, operator, 'amounts' in quoted ? quoted.amounts : estimated(quoted, currency));
  if (cost.rows === 0) throw new Refusal('funding.nothing');
  return cost;
}

function estimated({ totalMinor, rows }: { totalMinor: bigint; rows: number }, currency: string): AmountGroup[] {
  const unitMinor = 10n ** BigInt(minorDigits(currency));
  if (!Number.isSafeInteger(rows) || rows < 1 || rows > MOST_ROWS)
    throw new Refusal('funding.rows', { most: MOST_ROWS });
  if (totalMinor % unitMinor !== 0n) throw new Refusal('funding.whole-amounts');
  if (totalMinor < unitMinor * BigInt(rows)) throw new Refusal('funding.too-little');
  return evenAmounts(totalMinor, rows, unitMinor);
}

const MOST_DRAWS = 5;

/** A number that is taken is drawn again. */
async function insertNumbered({ runtime }: FundingDeps, tx: Tx, blank: Omit<Quotation, 'number'>): Promise<Quotation> {
  for (let draw = 0; draw < MOST_DRAWS; draw += 1) {
    const quotation = { ...blank, number: `Q${newReference(runtime.chance).slice(1)}` };
    if (await tx.insertOnce(QuotationSchema, quotation)) return quotation;
  }
  invariant(false, 'no free number of a quotation was found');
}
