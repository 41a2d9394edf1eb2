import type { Readable } from 'node:stream';
import { openPage } from '../../../platform/print/index.ts';
import type { BankAccount, Biller } from '../../billers/index.ts';
import type { Settlement } from '../settlement.ts';
import { payoutReference } from './payout-csv.ts';
import type { PageSetting } from './settlement-pdf.ts';

/** What finance pays by: to whom, how much, under which reference. */
export async function payoutPdf(
  { texts, language, timeZone, ourName }: PageSetting,
  settlement: Settlement,
  biller: Biller,
  bank: BankAccount,
): Promise<Readable> {
  const { id, day, version, signedBy, currency, netMinor } = settlement;
  const madeAtMs = settlement.signedAtMs ?? 0;
  const title = `${biller.name} ${day} v${version}`;
  const page = await openPage(texts, { language, timeZone, namespace: 'settlement', title, madeAtMs });
  page.title(page.text('payout-title'), ourName);
  page.note(page.text('settled', { day: page.day(day), version }));
  page.note(page.text('signed-in', { who: signedBy ?? '', time: page.instant(madeAtMs) }));
  page.heading(page.text('pay-to'));
  page.row(page.text('name'), bank.holder);
  page.row(page.text('bank'), bank.bank);
  if (bank.branch) page.row(page.text('branch'), bank.branch);
  page.row(page.text('account'), bank.account);
  if (bank.swift) page.row(page.text('swift'), bank.swift);
  page.row(page.text('payout-reference'), payoutReference(settlement));
  page.rule();
  page.row(page.text('amount'), page.money({ amountMinor: netMinor, currency }), { strong: true });
  page.signatures([page.text('checked-by'), page.text('approved-by')]);
  page.foot(page.text('page-id', { id }));
  return page.end();
}
