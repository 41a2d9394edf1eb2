import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { ElsewherePaymentSchema, findElsewhere, importElsewhere } from '../../../src/domain/elsewhere/index.ts';
import { type Domain, openDomain, WATER_ACCOUNT } from '../../support/domain-deps.ts';
import { kes } from '../../support/fake-providers.ts';
import { describeOnStores } from '../../support/stores.ts';
import { refusalOf } from '../../support/stories.ts';

const HEADER = 'reference,account,amount,currency,paidAt,place';

describeOnStores('payments made elsewhere, from a file', (stores) => {
  let domain: Domain;
  let folder: string;
  before(async () => {
    domain = await openDomain(stores());
    folder = await mkdtemp(join(tmpdir(), 'malipo-elsewhere-'));
  });
  after(async () => {
    await domain?.close();
    await rm(folder, { recursive: true, force: true });
  });
  beforeEach(() => domain.reset());

  let files = 0;
  const file = async (content: string | Buffer) => {
    files += 1;
    const path = join(folder, `paid-${files}.csv`);
    await writeFile(path, content);
    return path;
  };
  const day = () => new Date(domain.clock.now()).toISOString();
  const line = (reference: string, amount = '500.00', account = WATER_ACCOUNT) =>
    `${reference},${account},${amount},KES,${day()},"Equity Bank, Thika"`;
  const take = (path: string) => importElsewhere(domain.deps, { billerId: 'maji-water', path });
  const recorded = () => domain.deps.database.reader.find(ElsewherePaymentSchema, { order: { reference: 'ASC' } });

  it('are recorded, shown for their account, and never touch the ledger', async () => {
    const path = await file(`\ufeff${HEADER}\r\n${line('B1')}\r\n${line('B2', '750', '100200301')}\r\n`);
    expect(await take(path)).to.deep.equal({ recorded: 2, repeated: 0, faults: 0, shownFaults: [] });
    const found = await findElsewhere(domain.deps, { billerId: 'maji-water', account: WATER_ACCOUNT });
    expect(found).to.deep.equal({
      amount: kes(500),
      paidAtMs: domain.clock.now(),
      place: 'Equity Bank, Thika',
    });
    expect(await findElsewhere(domain.deps, { billerId: 'jua-power', account: WATER_ACCOUNT })).to.equal(undefined);
    expect(await domain.balanceOf('payable:maji-water')).to.equal(0n);
  });

  it('are read past what is wrong, which is told with line and reason', async () => {
    const lines = [
      line('G1'),
      line('G2', '1.234'),
      line('G3', '500.00', '12'),
      'G4,100200300,500.00,KES',
      line('G5').replace('KES', 'USD'),
      line('G6').replace(day(), '2026-02-30T10:00:00Z'),
      line('G7').replace(day(), '2031-01-01T10:00:00Z'),
      line('G1', '501.00'),
      line('G1'),
      line('G 8'),
      '',
      line('G9', '0'),
      line('G10'),
    ];
    const report = await take(await file([HEADER, ...lines].join('\n')));
    expect(report).to.include({ recorded: 2, repeated: 1, faults: 9 });
    expect(report.shownFaults).to.deep.equal([
      { line: 3, reason: 'amount must be a decimal such as 500.00' },
      { line: 4, reason: 'account is not a number of Maji Water' },
      { line: 5, reason: 'has not the 6 fields of the first line' },
      { line: 6, reason: 'currency must be KES' },
      { line: 7, reason: 'paidAt must be a time with its offset, such as 2026-11-20T14:05:00+03:00' },
      { line: 8, reason: 'paidAt lies in the future' },
      { line: 9, reason: 'another payment has the reference G1' },
      { line: 11, reason: 'reference must be 1 to 64 letters, digits or signs without spaces' },
      { line: 13, reason: 'amount must be more than nothing' },
    ]);
    expect((await recorded()).map(({ reference, amountMinor }) => [reference, amountMinor])).to.deep.equal([
      ['G1', 50_000n],
      ['G10', 50_000n],
    ]);
  });

  it('are recorded once: the same file is refused, another with the same lines adds nothing', async () => {
    const content = `${HEADER}\n${line('R1')}\n${line('R2')}\n`;
    await take(await file(content));
    expect((await refusalOf(take(await file(content)))).code).to.equal('elsewhere.file-known');
    expect(await take(await file(`${content}${line('R3')}\n`))).to.include({ recorded: 1, repeated: 2 });
    expect(await recorded()).to.have.length(3);
  });

  it('are gone on with after a death in the middle of the file', async () => {
    const many = Array.from({ length: 450 }, (_, index) => line(`D${index}`));
    const path = await file([HEADER, ...many].join('\n'));
    const dying = importElsewhere(domain.deps, {
      billerId: 'maji-water',
      path,
      onProgress: () => {
        throw new Error('died');
      },
    });
    expect((await Promise.allSettled([dying]))[0]?.status).to.equal('rejected');
    expect(await recorded()).to.have.length(200);
    expect(await take(path)).to.include({ recorded: 250, repeated: 200, faults: 0 });
  });

  it('need a file that is one', async () => {
    expect((await refusalOf(take(join(folder, 'none.csv')))).code).to.equal('elsewhere.file-unreadable');
    expect((await refusalOf(take(await file('ref,amount\n1,2\n')))).details).to.deep.equal({
      lacking: 'reference, account, currency, paidAt',
    });
    expect((await refusalOf(take(await file(`${HEADER}\nA,"open quote`)))).code).to.equal('elsewhere.file-unreadable');
    expect((await refusalOf(take(await file(`${HEADER}\n${'x'.repeat(10_000)}\n`)))).code).to.equal(
      'elsewhere.file-unreadable',
    );
    const latin = Buffer.from(`${HEADER}\n${line('L1').replace('Thika', 'Café')}\n`, 'latin1');
    expect((await take(await file(latin))).shownFaults).to.deep.equal([
      { line: 2, reason: 'place is not plain text in UTF-8' },
    ]);
    expect(await take(await file(HEADER))).to.include({ recorded: 0, faults: 0 });
  });
});
