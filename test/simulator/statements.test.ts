import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { runSimulator, type SimulatorUnderTest } from './support/running-simulator.ts';

const PAYER = '+254711000001';
const PERIOD = 'from=2026-01-01&to=2030-01-01';

describe('statements of the simulator', () => {
  let simulator: SimulatorUnderTest;

  before(async () => {
    simulator = await runSimulator();
  });
  after(() => simulator.stop());
  beforeEach(() => simulator.call('POST', '/control/reset'));

  const pay = async (amount: string): Promise<string> => {
    const paid = await simulator.call('POST', '/control/c2b', { msisdn: PAYER, amount, account: '100200300' });
    return paid.json.receipt;
  };
  const reverse = (receipt: string) => simulator.call('POST', '/control/operator/reverse', { receipt });
  const statement = (query: string) => simulator.call('GET', `/control/operator/statement?${PERIOD}&${query}`);

  it("has a preamble, the names of the columns, and a running balance with the operator's charges", async () => {
    const receipt = await pay('70000');
    const { headers, text } = await statement('order=oldest&chargeBps=55&dates=day-month-year');
    expect(headers.get('content-disposition')).to.equal('attachment; filename="ORG_174379_2026-01-01.csv"');
    const lines = text.split('\r\n');
    expect(lines.slice(0, 8)).to.deep.equal([
      'Organization Name:,MALIPO',
      'Short Code:,174379',
      'Account:,Utility Account',
      'Time Period:,From 01-01-2026 00:00:00 To 01-01-2030 00:00:00',
      'Operator:,simulator',
      'Opening Balance:,0.00',
      'Closing Balance:,"69,615.00"',
      '',
    ]);
    expect(lines[8]).to.match(/^Receipt No\.,Completion Time,.*,Linked Transaction ID,A\/C No\.$/);
    expect(lines[9]).to.match(
      new RegExp(
        `^${receipt},\\d\\d-\\d\\d-\\d{4} [\\d:]{8},.*,Completed,"70,000.00",,"70,000.00",TRUE,Pay Bill,2547 \\*{5} 001 - `,
      ),
    );
    expect(lines[10]).to.match(new RegExp(`^${receipt},.*,Completed,,-385.00,"69,615.00",TRUE,Pay Bill Charge,,,$`));
  });

  it('shows what the operator took back, and gives it to the payer', async () => {
    const receipt = await pay('500');
    const reversed = await reverse(receipt);
    expect(reversed.json).to.include({ linkedReceipt: receipt, amount: '-500.00' });
    expect((await simulator.call('GET', `/control/wallets/${PAYER}`)).json.balance).to.equal('1000000.00');
    const [newest] = (await statement('')).text.split('\r\n').slice(9);
    expect(newest).to.match(
      new RegExp(`^${reversed.json.receipt},.*,-500.00,0.00,TRUE,Transaction Reversal,.*,${receipt},100200300$`),
    );
    expect((await reverse(receipt)).status).to.equal(409);
    expect((await reverse(reversed.json.receipt)).status, 'a reversal is not reversed').to.equal(404);
    expect((await reverse('SGUNKNOWN1')).status).to.equal(404);
    expect((await reverse('no receipt')).status).to.equal(422);
  });

  it('begins a period with the balance that the time before left', async () => {
    await pay('500');
    const later = await simulator.call('GET', '/control/operator/statement?from=2030-01-01&to=2030-01-02');
    expect(later.text).to.match(/Opening Balance:,500\.00\r\nClosing Balance:,500\.00/);
  });

  it('comes as a workbook', async () => {
    await pay('500');
    const answer = await fetch(`${simulator.url}/control/operator/statement?${PERIOD}&format=xlsx`);
    expect(
      Buffer.from(await answer.arrayBuffer())
        .subarray(0, 2)
        .toString(),
    ).to.equal('PK');
  });

  it('refuses a period that is none, and what it does not know', async () => {
    for (const query of [
      'from=2026-02-30&to=2026-03-01',
      'from=2026-01-01',
      `${PERIOD}&format=pdf`,
      `${PERIOD}&sort=up`,
    ]) {
      expect((await simulator.call('GET', `/control/operator/statement?${query}`)).status, query).to.equal(422);
    }
    expect((await simulator.call('GET', '/control/biller/statement.csv?biller=maji-water&day=today')).status).to.equal(
      422,
    );
  });

  it('of a biller end with its totals', async () => {
    const payment = { account: '100200300', amount: '1250.00', currency: 'KES', paidAt: '2026-11-20T09:00:00Z' };
    const headers = { authorization: 'Bearer any' };
    const put = await simulator.call('PUT', '/billers/maji-water/payments/R1', payment, headers);
    expect(put.status).to.equal(201);
    const day = new Date(Date.now() + 3 * 3_600_000).toISOString().slice(0, 10);
    const { text } = await simulator.call('GET', `/control/biller/statement.csv?biller=maji-water&day=${day}`);
    const lines = text.trim().split('\n');
    expect(lines[0]).to.equal('Our Reference,Document,Account,Amount,Currency,Booked At');
    expect(lines[1]).to.match(/^R1,MW-[0-9A-F]+,100200300,1250\.00,KES,\d\d\/\d\d\/\d{4} [\d:]{8}$/);
    expect(lines[2]).to.equal('TOTAL,,1,1250.00,KES,');
    const empty = await simulator.call('GET', `/control/biller/statement.csv?biller=jua-power&day=${day}`);
    expect(empty.text.trim().split('\n')[1]).to.equal('TOTAL,,0,0.00,KES,');
  });

  it('know a reversal again after a restart', async () => {
    const dataDir = await mkdtemp(join(tmpdir(), 'malipo-test-'));
    const first = await runSimulator({ dataDir });
    const paid = await first.call('POST', '/control/c2b', { msisdn: PAYER, amount: '500', account: '100200300' });
    await first.call('POST', '/control/operator/reverse', { receipt: paid.json.receipt });
    const before = (await first.call('GET', `/control/operator/statement?${PERIOD}`)).text;
    await first.stop();
    const second = await runSimulator({ dataDir });
    expect((await second.call('GET', `/control/operator/statement?${PERIOD}`)).text).to.equal(before);
    expect((await second.call('POST', '/control/operator/reverse', { receipt: paid.json.receipt })).status).to.equal(
      409,
    );
    await second.stop();
    await rm(dataDir, { recursive: true });
  });
});
