import type { Readable } from 'node:stream';
import { openPage, type Page } from '../../platform/print/index.ts';
import type { Texts } from '../../platform/texts/index.ts';
import type { Organisation } from '../organisations/index.ts';
import { needOfCost } from './cost.ts';
import type { Quotation } from './funding.ts';
import type { FundingSettings } from './funding-deps.ts';
import { type QuotationDetails, readDetails } from './quotation-details.ts';

/** The quotation on paper, in a language: the same one has the same bytes. */
export async function quotationPdf(
  { texts, fundingSettings: { timeZone, ourName } }: { texts: Texts; fundingSettings: FundingSettings },
  quotation: Quotation,
  organisation: Pick<Organisation, 'name' | 'registrationNumber'>,
  { language, operatorName }: { language: string; operatorName: string },
): Promise<Readable> {
  const { number, createdAtMs: madeAtMs, validUntilDay, rows, currency } = quotation;
  const details = readDetails(quotation);
  const title = `${number} ${organisation.name}`;
  const page = await openPage(texts, { language, timeZone, namespace: 'quotation', title, madeAtMs });
  const money = (amountMinor: bigint) => page.money({ amountMinor, currency });
  page.title(page.text('title'), ourName);
  page.row(page.text('number'), number);
  page.row(page.text('for'), organisation.name);
  page.row(page.text('registration'), organisation.registrationNumber);
  page.row(page.text('made'), page.instant(madeAtMs));
  page.row(page.text('valid-until'), page.day(validUntilDay));
  page.heading(page.text('what'));
  page.row(page.text('recipients'), page.text('people', { count: rows }));
  page.row(page.text('total'), money(quotation.totalMinor));
  bands(page, details, operatorName, money);
  page.row(page.text('charges', { operator: operatorName }), money(quotation.chargesMinor));
  page.row(page.text('fee'), money(quotation.feeMinor), { note: feeWords(page, details, currency) });
  page.row(page.text('tax', { percent: percentOf(details.fee.taxBasisPoints) }), money(quotation.taxMinor));
  page.rule();
  page.row(page.text('need'), money(needOfCost(quotation)), { strong: true });
  page.note(page.text('order', { amount: { amountMinor: quotation.feeMinor + quotation.taxMinor, currency } }));
  if (details.isEstimate) page.note(page.text('estimate'));
  page.note(page.text('offer'));
  page.foot(page.text('page-id', { id: quotation.id }));
  return page.end();
}

function bands(page: Page, { byBand }: QuotationDetails, operator: string, money: (minor: bigint) => string): void {
  page.heading(page.text('bands', { operator }));
  for (const { upToMinor, chargeMinor, rows, chargesMinor } of byBand) {
    const note = page.text('each', { count: rows, charge: money(chargeMinor) });
    page.row(page.text('up-to', { amount: money(upToMinor) }), money(chargesMinor), { note });
  }
  page.heading(page.text('sum'));
}

function feeWords(page: Page, { fee }: QuotationDetails, currency: string): string {
  const amount = (amountMinor: bigint) => page.money({ amountMinor, currency });
  const { basisPoints, leastMinor, eachRowMinor } = fee;
  const percent = percentOf(basisPoints);
  return page.text('fee-how', { percent, least: amount(leastMinor), each: amount(eachRowMinor) });
}

/** Basis points as a plain number: 1600 is 16, 50 is 0.5. */
function percentOf(basisPoints: number): number {
  return basisPoints / 100;
}
