import { text } from 'node:stream/consumers';
import { expect } from 'chai';
import { AuditEntrySchema } from '../../../src/domain/audit/index.ts';
import { type PayoutBatch, PayoutBatchSchema, PayoutRowSchema } from '../../../src/domain/payout-batches/index.ts';
import { type ReportFormat, readReport, takeReport, writeReport } from '../../../src/domain/payout-reports/index.ts';
import { totalsOf } from '../../../src/domain/payout-reports/report-tables.ts';
import { ledgerAccount } from '../../../src/money/ledger/index.ts';
import {
  approved,
  batchOf,
  type Employer,
  employer,
  fund,
  payAll,
  people,
  ready,
  rowsOf,
  staff,
  stoppedAfterOne,
} from '../../support/batch-stories.ts';
import { type Domain, openDomain } from '../../support/domain-deps.ts';
import { describeOnStores } from '../../support/stores.ts';

describeOnStores('reports of batches', (stores) => {
  let domain: Domain;
  let own: Employer;
  before(async () => {
    domain = await openDomain(stores());
  });
  beforeEach(async () => {
    await domain.reset();
    own = await employer(domain);
  });
  afterEach(() => domain.expectSound());
  after(() => domain.close());

  const settingFor = (language = 'en', numbers: 'masked' | 'whole' = 'whole') => ({
    ...{ texts: domain.deps.texts, language, timeZone: 'Africa/Nairobi', numbers },
  });
  const take = async (batch: PayoutBatch, format: ReportFormat, language = 'en', numbers?: 'masked' | 'whole') => {
    const actor = staff(own.people.initiator, own.organisation.id);
    return text(await takeReport(domain.deps, actor, batch, { ...settingFor(language, numbers), format }));
  };

  /** Three are paid and one is not, by proof; one has columns of its own that would be formulas. */
  async function closed(): Promise<PayoutBatch> {
    await fund(domain, own, 50_000);
    const rows = people(4);
    const last = rows[3] as (typeof rows)[number];
    const titles = JSON.stringify(['Branch', '=Evil()']);
    const first = { ...rows[0], name: '=HYPERLINK("http://x")', extra: JSON.stringify(['Kisumu', '@SUM(A1)']) };
    const batch = await ready(domain, own, [first as (typeof rows)[number], ...rows.slice(1)]);
    await domain.deps.database.transaction((tx) => tx.update(PayoutBatchSchema, { id: batch.id }, { titles }));
    await approved(domain, own, batch);
    await payAll(domain, batch.id, new Map([[last.msisdn, '2040']]));
    return batchOf(domain, batch.id);
  }

  it('tie to the ledger, and each row’s shares add up to what was booked', async () => {
    const { closeBatch } = await import('../../../src/domain/payout-batches/index.ts');
    const open = await closed();
    const before = await readReport(domain.deps, open);
    expect(before.cost.isBooked).to.equal(false);
    await closeBatch(domain.deps, staff(own.people.initiator, own.organisation.id), {
      ...{ batchId: open.id, organisationId: own.organisation.id, reason: 'over' },
    });
    const report = await readReport(domain.deps, await batchOf(domain, open.id));
    const { paid } = report.progress.byState;
    const spent = await domain.balanceOf(ledgerAccount.float('mpesa'));
    expect(paid?.totalMinor, 'what has left the float').to.equal(5_000_000n - spent);
    const { cost } = report;
    expect(cost.isBooked).to.equal(true);
    expect(cost.chargesMinor).to.equal(-(await domain.balanceOf(ledgerAccount.charges('mpesa'))));
    expect(cost.feeMinor).to.equal(-(await domain.balanceOf(ledgerAccount.income(own.organisation.id))));
    expect(cost.taxMinor).to.equal(-(await domain.balanceOf(ledgerAccount.tax)));
    expect({ ...cost, isBooked: false }, 'and it was known before').to.deep.equal(before.cost);
    let [charges, fees] = [0n, 0n];
    for await (const rows of report.rows()) {
      for (const { chargeMinor, feeMinor } of rows) [charges, fees] = [charges + chargeMinor, fees + feeMinor];
    }
    expect([charges, fees]).to.deep.equal([cost.chargesMinor, cost.feeMinor]);
  });

  it('say of every row what became of it, in the reader’s language, and compute nothing', async () => {
    const batch = await closed();
    const rows = await rowsOf(domain, batch.id);
    const answered = { answer: 'no', answeredAtMs: Date.UTC(2026, 10, 21, 7, 30) } as const;
    await domain.deps.database.transaction((tx) => tx.update(PayoutRowSchema, { id: rows[0]?.id as string }, answered));
    const csv = await take(batch, 'csv');
    expect(csv)
      .to.contain('Branch')
      .and.to.contain("'=Evil()")
      .and.to.contain("'@SUM(A1)")
      .and.to.contain("'=HYPERLINK");
    expect(csv)
      .to.contain(rows[0]?.receipt as string)
      .and.to.contain('1000.00')
      .and.to.contain('paid');
    expect(csv).to.match(/HYPERLINK.*did not come.*2026-11-21.*10:30/);
    expect(csv).to.contain('not paid').and.to.contain('The number has no account at the operator.');
    expect(csv).to.contain(rows[0]?.msisdn as string);
    expect(await take(batch, 'csv', 'sw', 'masked'))
      .to.contain('haijalipwa')
      .and.not.to.contain(rows[0]?.msisdn);
    expect(await take(batch, 'csv', 'fr')).to.contain('non payé');
    expect((await take(batch, 'xlsx')).slice(0, 2)).to.equal('PK');
    const pdf = await take(batch, 'pdf');
    expect(pdf.slice(0, 5)).to.equal('%PDF-');
    expect(pdf.trimEnd().slice(-5)).to.equal('%%EOF');
    const acts = await domain.deps.database.reader.findBy(AuditEntrySchema, { act: 'report.taken' });
    expect(acts).to.have.length(5);
  });

  it('say how much was approved, and how much of that was left out when it was stopped', async () => {
    await fund(domain, own, 50_000);
    const report = await readReport(domain.deps, await stoppedAfterOne(domain, own, people(3)));
    const totals = totalsOf(settingFor(), report).map(({ title, rows, amountMinor }) => [title, rows, amountMinor]);
    expect(totals.slice(0, 4)).to.deep.equal([
      ['Approved in all', undefined, 300_300n],
      ['paid', 1, 100_000n],
      ['taken out', 2, 200_300n],
      ['Left out when it was stopped for good (the wrong list)', 2, 200_300n],
    ]);
  });

  it('read no more than is taken, and stop when nobody takes it', async () => {
    const batch = await ready(domain, own, people(1));
    const made = await readReport(domain.deps, batch);
    const [some] = (await made.rows().next()).value;
    const groups = 400;
    for (const format of ['xlsx', 'csv', 'pdf'] as const) {
      let read = 0;
      let over = () => {};
      const isOver = new Promise<void>((resolve) => {
        over = resolve;
      });
      async function* counted() {
        try {
          for (; read < groups; read += 1) {
            await new Promise((resolve) => setImmediate(resolve));
            yield Array.from({ length: 50 }, () => some);
          }
        } finally {
          over();
        }
      }
      const stream = writeReport(settingFor(), { ...made, rows: counted }, format);
      for await (const _ of stream) if (read > 0) break;
      await isOver;
      expect(read, format).to.be.below(groups);
    }
  });
});
