import { Refusal } from '../../kernel/index.ts';
import type { Database } from '../../platform/database/index.ts';
import { type Quotation, QuotationSchema } from './funding.ts';

/** The newest first, a page at a time; `before`: the id of the last one seen. */
export async function pageQuotations(
  { reader }: Database,
  organisationId: string,
  { before, limit }: { before?: string | undefined; limit: number },
): Promise<{ quotations: Quotation[]; next: string | undefined }> {
  const query = reader
    .createQueryBuilder(QuotationSchema, 'quotation')
    .where('quotation.organisation_id = :organisationId', { organisationId })
    // Ids grow with time, and the index is by time: both, so that it is the index that is read.
    .orderBy('quotation.createdAtMs', 'DESC')
    .addOrderBy('quotation.id', 'DESC')
    .limit(limit + 1);
  const last = before === undefined ? null : await reader.findOneBy(QuotationSchema, { id: before, organisationId });
  if (last) {
    const { createdAtMs: at, id } = last;
    query.andWhere('(quotation.created_at < :at OR (quotation.created_at = :at AND quotation.id < :id))', { at, id });
  }
  const found = await query.getMany();
  const quotations = found.slice(0, limit);
  return { quotations, next: found.length > limit ? quotations.at(-1)?.id : undefined };
}

/** Refuses with `quotation.not-found`, also one of somebody else. */
export async function getQuotation({ reader }: Database, organisationId: string, id: string): Promise<Quotation> {
  const quotation = await reader.findOneBy(QuotationSchema, { id, organisationId });
  if (!quotation) throw new Refusal('quotation.not-found');
  return quotation;
}
