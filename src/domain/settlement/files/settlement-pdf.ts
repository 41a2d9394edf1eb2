import type { Readable } from 'node:stream';
import { openPage, type Page } from '../../../platform/print/index.ts';
import type { Texts } from '../../../platform/texts/index.ts';
import type { Biller } from '../../billers/index.ts';
import type { FloatTieOut } from '../float-tie-out.ts';
import type { Settlement } from '../settlement.ts';

export interface PageSetting {
  texts: Texts;
  language: string;
  ourName: string;
  timeZone: string;
  /** By the operator's name: how people call it. */
  operatorNames: ReadonlyMap<string, string>;
}

/** The page of a settlement: what a finance officer compares, and signs in ink. */
export async function settlementPdf(
  setting: PageSetting,
  settlement: Settlement,
  biller: Biller,
  { tieOuts, csvName, csvHash }: { tieOuts: readonly FloatTieOut[]; csvName: string; csvHash: string },
): Promise<Readable> {
  const { texts, language, timeZone, ourName } = setting;
  const madeAtMs = settlement.drawnUpAtMs ?? 0;
  const title = `${biller.name} ${settlement.day} v${settlement.version}`;
  const page = await openPage(texts, { language, timeZone, namespace: 'settlement', title, madeAtMs });
  page.title(page.text('title'), ourName);
  page.row(page.text('biller'), biller.name);
  page.row(page.text('day'), page.day(settlement.day));
  page.row(page.text('version'), String(settlement.version));
  page.row(page.text('drawn-up'), `${page.instant(madeAtMs)}, ${page.text('zone', { zone: timeZone })}`);
  figures(page, settlement);
  page.heading(page.text('control'));
  page.row(page.text('file'), csvName, { note: page.text('lines', { count: settlement.lines }) });
  page.row(page.text('checksum'), csvHash, { small: true });
  page.row(page.text('breaks'), page.text('breaks-count', { count: settlement.openBreaks }));
  for (const tieOut of tieOuts) float(page, tieOut, setting.operatorNames.get(tieOut.operator) ?? tieOut.operator);
  if (tieOuts.length === 0) page.note(page.text('no-tie-out'));
  page.signatures([page.text('checked-by'), page.text('approved-by')]);
  page.foot(page.text('page-id', { id: settlement.id }));
  return page.end();
}

function figures(page: Page, settlement: Settlement): void {
  const { currency, netMinor, payments } = settlement;
  const money = (amountMinor: bigint) => page.money({ amountMinor, currency });
  page.heading(currency);
  page.row(page.text('collected'), money(settlement.collectedMinor), {
    note: page.text('payments', { count: payments }),
  });
  page.row(page.text('reversed'), money(settlement.reversedMinor));
  page.row(page.text('adjusted'), money(settlement.adjustedMinor));
  page.row(page.text('carried'), money(settlement.carriedMinor));
  page.row(page.text('fees'), money(-settlement.feesMinor));
  page.rule();
  page.row(page.text(netMinor > 0n ? 'owed' : 'nothing-owed'), money(netMinor), { strong: true });
  if (netMinor <= 0n) page.note(page.text('carried-on'));
}

function float(page: Page, tieOut: FloatTieOut, operator: string): void {
  const money = (amountMinor: bigint) => page.money({ amountMinor, currency: tieOut.currency });
  page.heading(page.text('tie-out', { operator, time: page.instant(tieOut.asOfMs) }));
  page.row(page.text('operator-balance'), money(tieOut.operatorMinor));
  page.row(page.text('ledger-balance'), money(tieOut.ledgerMinor));
  const rows = [
    ['unbooked-charges', tieOut.unbookedChargesMinor, tieOut.unbookedChargesLines],
    ['unbooked', tieOut.unbookedMinor, tieOut.unbookedLines],
    ['without-line', tieOut.withoutLineMinor, tieOut.withoutLineEntries],
  ] as const;
  for (const [id, amountMinor, count] of rows) {
    if (count > 0) page.row(page.text(id), money(amountMinor), { note: page.text('lines', { count }) });
  }
  page.rule();
  page.row(page.text('remainder'), money(tieOut.remainderMinor));
}
