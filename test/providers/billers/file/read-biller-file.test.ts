import { expect } from 'chai';
import { openTable } from '../../../../src/platform/tables/index.ts';
import { type BillerFileFormat, billerFileShape, readBillerFile } from '../../../../src/providers/billers/index.ts';
import {
  type ReadFault,
  type ReadingEnd,
  type ReadLine,
  StatementRefused,
} from '../../../../src/providers/statements/index.ts';
import { type Folder, makeFolder } from '../../../support/files.ts';

const columns = { reference: 'Our Ref', account: 'Meter', amount: 'Amount', bookedAt: 'Date' };
const plain = billerFileShape.parse({ columns });

let folder: Folder;
before(async () => {
  folder = await makeFolder();
});
after(() => folder.drop());

async function read(content: string, format: BillerFileFormat = plain, timeZone = 'Africa/Nairobi') {
  const { delimiter, encoding } = format;
  const table = await openTable(await folder.file('file.csv', content), { delimiter, encoding });
  const reading = readBillerFile(table, format, { currency: 'KES', timeZone });
  const lines: ReadLine[] = [];
  const faults: ReadFault[] = [];
  for (;;) {
    const next = await reading.next();
    if (next.done) return { lines, faults, end: next.value as ReadingEnd };
    lines.push(...next.value.lines);
    faults.push(...next.value.faults);
  }
}

async function refusal(content: string, format?: BillerFileFormat): Promise<string> {
  const [result] = await Promise.allSettled([read(content, format)]);
  if (result?.status === 'rejected' && result.reason instanceof StatementRefused) return result.reason.message;
  throw new Error(`it should be refused, and not ${result?.status === 'rejected' ? result.reason : 'read'}`);
}

const DAY = { fromMs: Date.UTC(2026, 10, 19, 21), toMs: Date.UTC(2026, 10, 20, 21) };

describe("a biller's file", () => {
  it('is read by the names of its columns', async () => {
    const { lines, end } = await read('Amount,Extra,METER,our-ref,date\n"1,250.00",x,100200300,R1,2026-11-20 08:30\n');
    expect(lines).to.deep.equal([
      {
        ...{ lineNo: 2, kind: 'payment', atMs: Date.UTC(2026, 10, 20, 5, 30), receipt: undefined, reference: 'R1' },
        ...{ account: '100200300', amountMinor: 125_000n, currency: 'KES', detail: '' },
      },
    ]);
    expect(end).to.deep.equal({ proof: 'none', ...DAY });
  });

  it('is read in the way that the biller writes: commas, semicolons, days first, a column for the time', async () => {
    const format = billerFileShape.parse({
      columns: { ...columns, bookedTime: 'Time', billerReference: 'Doc', currency: 'Cur' },
      ...{ dates: 'day-month-year', decimal: ',', delimiter: ';', wholeDays: true },
    });
    const head = 'Our Ref;Doc;Meter;Amount;Cur;Date;Time\n';
    const { lines, end } = await read(
      `${head}R1;D1;1;1.250,50;KES;20/11/2026;23:59:59\nR2;D2;1;-5,00;KES;20/11/2026;00:00:00\n`,
      format,
    );
    expect(lines.map(({ kind, amountMinor, receipt, atMs }) => [kind, amountMinor, receipt, atMs])).to.deep.equal([
      ['payment', 125_050n, 'D1', DAY.toMs - 1_000],
      ['reversal', -500n, 'D2', DAY.fromMs],
    ]);
    expect(end).to.deep.equal({ proof: 'whole-day', ...DAY });
  });

  it('tells each row that cannot be read, and reads the rest', async () => {
    const format = { ...plain, wholeDays: true };
    const { lines, faults, end } = await read(
      [
        'Our Ref,Meter,Amount,Date',
        'R1,1,100.00,2026-11-20',
        'R2,1,100.125,2026-11-20',
        ',1,100.00,2026-11-20',
        'R4,,100.00,2026-11-20',
        'R5,1,much,2026-11-20',
        'R6,1,100.00,2026-02-29',
        'R7,1,0.00,2026-11-20',
        'R8,1',
        'R9,1,100.00,2026-11-20',
      ].join('\n'),
      format,
    );
    expect(lines.map(({ reference }) => reference)).to.deep.equal(['R1', 'R9']);
    expect(faults).to.deep.equal([
      { lineNo: 3, column: 'Amount', reason: '"100.125" has more decimals than KES has' },
      { lineNo: 4, column: 'Our Ref', reason: 'it is empty' },
      { lineNo: 5, column: 'Meter', reason: 'it is empty' },
      { lineNo: 6, column: 'Amount', reason: '"much" is not an amount' },
      { lineNo: 7, column: 'Date', reason: '"2026-02-29" is no date, written year-month-day' },
      { lineNo: 8, column: 'Amount', reason: 'it is nothing' },
      { lineNo: 9, column: 'Amount', reason: '"" is not an amount' },
    ]);
    expect(end.proof, 'a day of which rows could not be read').to.equal('none');
  });

  it('is refused without its columns', async () => {
    expect(await refusal('Our Ref,Meter,Amount\nR1,1,5\n')).to.equal('line 1: the column "Date" is missing');
    expect(await refusal('nothing,here\n')).to.match(
      /^there is no line with the names of the columns \(Our Ref, Meter/,
    );
  });

  describe('with control totals', () => {
    const format = billerFileShape.parse({
      columns,
      totals: { column: 'Our Ref', word: 'Total', count: 'Meter', sum: 'Amount' },
      wholeDays: true,
    });
    const file = (...rows: string[]) => ['Our Ref,Meter,Amount,Date', ...rows].join('\n');
    const rows = ['R1,1,100.00,2026-11-20', 'R2,1,50.50,2026-11-20'];

    it('is whole when they fit', async () => {
      const { lines, end } = await read(file(...rows, 'TOTAL,2,150.50,'), format);
      expect(lines).to.have.length(2);
      expect(end).to.deep.equal({ proof: 'control-totals', ...DAY });
    });

    it('is refused when they do not, are missing, or are not last', async () => {
      expect(await refusal(file(...rows, 'TOTAL,3,150.50,'), format)).to.equal(
        'line 4: the file counts 3 rows; 2 were read',
      );
      expect(await refusal(file(...rows, 'TOTAL,2,150.00,'), format)).to.equal(
        "line 4: the file's sum is 150.00, and its rows make 150.50; 2 were read",
      );
      expect(await refusal(file(...rows), format)).to.equal('the row of totals ("Total") is missing');
      expect(await refusal(file('TOTAL,2,150.50,', ...rows), format)).to.equal(
        'line 3: rows go on after the totals in line 2',
      );
      expect(await refusal(file(...rows, 'TOTAL,two,150.50,'), format)).to.equal('line 4: the totals cannot be read');
    });

    it('proves nothing when a row was counted and could not be read', async () => {
      const { lines, faults, end } = await read(file(...rows, 'R3,1,1.005,2026-11-20', 'TOTAL,3,152.00,'), format);
      expect([lines.length, faults.length, end.proof]).to.deep.equal([2, 1, 'none']);
    });
  });

  it('reads its times by the clocks of the zone, also where they change', async () => {
    const at = async (text: string) => {
      const { lines } = await read(`Our Ref,Meter,Amount,Date\nR1,1,5,${text}\n`, plain, 'Europe/Paris');
      return lines[0]?.atMs;
    };
    expect(await at('2026-07-01 12:00:00')).to.equal(Date.UTC(2026, 6, 1, 10));
    expect(await at('2026-12-01 12:00:00')).to.equal(Date.UTC(2026, 11, 1, 11));
    expect(await at('2026-03-29 01:59:59')).to.equal(Date.UTC(2026, 2, 29, 0, 59, 59));
    expect(await at('2026-03-29 03:00:00')).to.equal(Date.UTC(2026, 2, 29, 1));
    expect(await at('2026-10-25 04:00:00')).to.equal(Date.UTC(2026, 9, 25, 3));
    expect(await at('2026-10-25 02:30:00')).to.equal(Date.UTC(2026, 9, 25, 0, 30));
  });
});

describe('the form of a file in menus/billers.yaml', () => {
  it('refuses a separator that is also the decimal, totals of nothing, and names that it does not know', () => {
    expect(billerFileShape.safeParse({ columns, decimal: ',', thousands: ',' }).success).to.equal(false);
    expect(billerFileShape.safeParse({ columns, totals: { column: 'a', word: 'b' } }).success).to.equal(false);
    expect(billerFileShape.safeParse({ columns, decimals: '.' }).success).to.equal(false);
    expect(billerFileShape.safeParse({ columns, decimal: ',' }).data?.numbers).to.deep.equal({
      decimal: ',',
      thousands: '.',
    });
  });
});
