import { In } from 'typeorm';
import { businessDay, daysBetween, Refusal } from '../../kernel/index.ts';
import type { Database } from '../../platform/database/index.ts';
import {
  type Funding,
  type FundingEvent,
  FundingEventSchema,
  FundingSchema,
  type Quotation,
  QuotationSchema,
} from './funding.ts';

/** The newest first, a page at a time; `before`: the id of the last one seen. */
export async function pageFunding(
  { reader }: Database,
  organisationId: string,
  { before, limit }: { before?: string | undefined; limit: number },
): Promise<{ fundings: Funding[]; next: string | undefined }> {
  const query = reader
    .createQueryBuilder(FundingSchema, 'funding')
    .where('funding.organisation_id = :organisationId', { organisationId })
    .orderBy('funding.expectedAtMs', 'DESC')
    .addOrderBy('funding.id', 'DESC')
    .limit(limit + 1);
  const last = before === undefined ? null : await reader.findOneBy(FundingSchema, { id: before, organisationId });
  if (last) {
    const { expectedAtMs: at, id } = last;
    query.andWhere('(funding.expected_at < :at OR (funding.expected_at = :at AND funding.id < :id))', { at, id });
  }
  const found = await query.getMany();
  const fundings = found.slice(0, limit);
  return { fundings, next: found.length > limit ? fundings.at(-1)?.id : undefined };
}

const MOST_EVENTS = 100;

/** With its quotation and what happened to it, oldest first. Refuses with `funding.not-found`, also one of somebody else. */
export async function getFunding(
  { reader }: Database,
  organisationId: string,
  id: string,
): Promise<{ funding: Funding; quotation: Quotation | undefined; events: FundingEvent[] }> {
  const funding = await reader.findOneBy(FundingSchema, { id, organisationId });
  if (!funding) throw new Refusal('funding.not-found');
  const { quotationId } = funding;
  const [quotation, events] = await Promise.all([
    quotationId === null ? null : reader.findOneBy(QuotationSchema, { id: quotationId }),
    reader.find(FundingEventSchema, { where: { fundingId: id }, order: { id: 'ASC' }, take: MOST_EVENTS }),
  ]);
  return { funding, quotation: quotation ?? undefined, events };
}

/** Of these fundings, by their ids. */
export async function quotationsOf(
  { reader }: Database,
  fundings: readonly Funding[],
): Promise<Map<string, Quotation>> {
  const ids = fundings.flatMap(({ quotationId }) => (quotationId === null ? [] : [quotationId]));
  const found = ids.length === 0 ? [] : await reader.findBy(QuotationSchema, { id: In(ids) });
  return new Map(found.map((quotation) => [quotation.id, quotation]));
}

/** Of these quotations, what was announced and not given up; by the quotation's id. */
export async function fundingsOfQuotations(
  { reader }: Database,
  quotations: readonly Quotation[],
): Promise<Map<string, Funding>> {
  if (quotations.length === 0) return new Map();
  const organisationIds = [...new Set(quotations.map(({ organisationId }) => organisationId))];
  const where = { organisationId: In(organisationIds), quotationId: In(quotations.map(({ id }) => id)) };
  const found = await reader.find(FundingSchema, { where, order: { id: 'ASC' } });
  return new Map(
    found.filter(({ state }) => state !== 'cancelled').map((funding) => [funding.quotationId ?? '', funding]),
  );
}

/** Days of the calendar that each step took; undefined for one that is not over. `soFar`: that the step which is waited for takes. */
export interface StepDays {
  toBank: number | undefined;
  toAvailable: number | undefined;
  soFar: number | undefined;
}

export function stepDays(
  { state, expectedAtMs, bankedAtMs, availableAtMs }: Funding,
  nowMs: number,
  timeZone: string,
): StepDays {
  const days = (fromMs: number | null, toMs: number | null) =>
    fromMs === null || toMs === null
      ? undefined
      : daysBetween(businessDay(fromMs, timeZone), businessDay(toMs, timeZone));
  const isOver = state === 'available' || state === 'cancelled';
  return {
    toBank: days(expectedAtMs, bankedAtMs),
    toAvailable: days(bankedAtMs, availableAtMs),
    soFar: isOver ? undefined : days(bankedAtMs ?? expectedAtMs, nowMs),
  };
}
