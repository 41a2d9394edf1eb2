import { expect } from 'chai';
import excel from 'exceljs';
import { schema } from '../../../ormconfig.ts';
import {
  findingsOf,
  type PayoutList,
  readPayoutList,
  writeListTemplate,
  writeMendedList,
} from '../../../src/domain/payout-lists/index.ts';
import { systemRuntime } from '../../../src/kernel/index.ts';
import { type Database, openDatabase } from '../../../src/platform/database/index.ts';
import { silentLog } from '../../../src/platform/log/index.ts';
import { type Folder, makeFolder } from '../../support/files.ts';
import { describeOnStores } from '../../support/stores.ts';
import { readFile, rules, texts, words, workbook } from './list-kit.ts';

const timeZone = 'Africa/Nairobi';
const writer = { texts, listWords: words };

async function bytesOf(pieces: AsyncIterable<Buffer | string>): Promise<Buffer> {
  const all: Buffer[] = [];
  for await (const piece of pieces) all.push(Buffer.from(piece));
  return Buffer.concat(all);
}

async function opened(bytes: Buffer): Promise<excel.Workbook> {
  const book = new excel.Workbook();
  await book.xlsx.load(bytes as unknown as ArrayBuffer);
  return book;
}

let folder: Folder;
before(async () => {
  folder = await makeFolder();
});
after(() => folder.drop());

describe('the template of a list', () => {
  for (const language of texts.languages) {
    for (const format of ['xlsx', 'csv'] as const) {
      it(`is a list in ${language} as ${format}, whose example cannot be paid`, async () => {
        const bytes = await bytesOf(writeListTemplate(writer, rules, { format, language, timeZone }));
        const read = await readFile(await folder.file(`template.${format}`, bytes));
        expect(read.refused).to.equal(undefined);
        expect(read.rows).to.have.length(1);
        expect(read.found).to.deep.equal([`row.example A${read.rows[0]?.rowNo}`]);
        expect(read.rows[0]?.msisdn).to.equal(null);
      });
    }
  }

  it('keeps a number as text that somebody writes into its column, and says how it is done', async () => {
    const bytes = await bytesOf(writeListTemplate(writer, rules, { format: 'xlsx', language: 'en', timeZone }));
    const [list, help] = (await opened(bytes)).worksheets;
    expect(list?.getRow(1).values).to.include.members(['Phone', 'Amount', 'Name', 'Purpose', 'Reference']);
    expect(list?.getColumn(1).numFmt).to.equal('@');
    expect(help?.name).to.equal('Instructions');
    const lines = help?.getColumn(1).values.join('\n');
    expect(lines).to.include('In KES').and.to.include('Salary, Sales incentive').and.to.include('100,000 rows');
  });
});

describeOnStores('a list that goes back', (stores) => {
  let database: Database;
  before(async function () {
    this.timeout(60_000);
    database = await openDatabase(systemRuntime, stores(), schema);
    await database.migrate();
  });
  after(() => database?.close());

  let count = 0;
  async function given(content: string | Buffer, fileName = 'May.xlsx'): Promise<PayoutList> {
    count += 1;
    const path = await folder.file(`given-${count}`, content);
    const deps = { runtime: systemRuntime, database, log: silentLog, listWords: words };
    return readPayoutList(deps, { ownerId: `o${count}`, givenBy: 'amina', path, fileName, rules });
  }
  const back = (list: PayoutList, format: 'csv' | 'xlsx', language = 'en') =>
    bytesOf(writeMendedList({ ...writer, database }, list, { format, language, timeZone }));

  const FAULTY = () =>
    workbook((sheet) => {
      sheet.addRow(['Payments of May']);
      sheet.addRow(['Shop', 'Phone', 'Amount', 'Name']);
      sheet.addRow(['Duka', '0711000001', 1250.0, 'Amina']);
      sheet.addRow([]);
      sheet.addRow(['Duka', '2.547E+11', '1,250', 'Otieno']);
      sheet.addRow(['=1+1', 711000001, 1250, '']);
      sheet.addRow(['Duka', '0711000003', 500, 'C']);
      sheet.mergeCells('D7:D8');
    });

  it('is the same with the faulty cells in colour and a column that says what to mend', async () => {
    const list = await given(await FAULTY());
    const book = await opened(await back(list, 'xlsx'));
    const sheet = book.getWorksheet('May');
    const row = (at: number) => [1, 2, 3, 4, 5].map((column) => sheet?.getCell(at, column).value ?? null);
    expect(row(1)).to.deep.equal(['Shop', 'Phone', 'Amount', 'Name', 'What to mend']);
    expect(row(2)).to.deep.equal(['Duka', '0711000001', 1250, 'Amina', null]);
    expect(row(3)).to.deep.equal([null, null, null, null, null]);
    expect(row(4).slice(0, 4)).to.deep.equal(['Duka', '2.547E+11', '1,250', 'Otieno']);
    expect(row(4)[4]).to.match(/^Phone: A spreadsheet has shortened .* Amount: "1,250" can be read in two ways/);
    // In the copy the first of the two stands in row 2.
    expect(row(5)[4]).to.match(/lost its first zero.*the same amount in row 2\./);
    expect(row(6)[4]).to.match(/^Name: The cells D7:D8 are merged/);
    const colour = (address: string) => (sheet?.getCell(address).fill as excel.FillPattern | undefined)?.fgColor?.argb;
    expect(['A4', 'B4', 'C4', 'D5', 'D6', 'B2', 'E2'].map(colour)).to.deep.equal([
      ...[undefined, 'FFFFC7CE', 'FFFFC7CE', 'FFFFEB9C', 'FFFFC7CE', undefined, undefined],
    ]);
    expect(sheet?.getCell('A5').value).to.equal('=1+1');
    expect(sheet?.getCell('A5').formula).to.equal(undefined);
  });

  it('is read again as the list it is, in any language, and mended there is nothing left to say', async () => {
    const list = await given(await FAULTY());
    const french = await opened(await back(list, 'xlsx', 'fr'));
    expect(french.getWorksheet('May')?.getCell('E1').value).to.equal('À corriger');
    expect(french.getWorksheet('May')?.getCell('E4').value).to.match(/^Phone: Un tableur a raccourci/);
    const sheet = french.getWorksheet('May') as excel.Worksheet;
    sheet.getCell('B4').value = '0711000002';
    sheet.getCell('C4').value = 1250;
    sheet.spliceRows(5, 1);
    const again = await given(Buffer.from(await french.xlsx.writeBuffer()));
    expect(again).to.deep.include({ state: 'read', rowsRead: 3, faultRows: 0, warningRows: 0 });
    expect(findingsOf(again)).to.deep.equal([]);
  });

  it('goes back as CSV too, with what concerns the whole file above it', async () => {
    const list = await given('Phone,Amount,Shop,shop\n+254711000001,x,,\n0711000002,50.00,Duka,\n', 'May.csv');
    const lines = (await back(list, 'csv')).toString().split('\r\n');
    expect(lines.slice(0, 3)).to.deep.equal([
      '\ufeff"Row 1, column D (shop): Column C has the same name."',
      'Phone,Amount,Shop,shop,What to mend',
      `'+254711000001,x,,,"Amount: ""x"" is not an amount."`,
    ]);
    expect(lines[3]).to.equal('0711000002,50.00,Duka,,');
    const again = await given((await back(list, 'csv')).toString().replace(',x,', ',70,'), 'May.csv');
    expect(again).to.deep.include({ state: 'read', rowsRead: 2, faultRows: 0 });
  });

  it('goes back at any length, as it is taken', async () => {
    const list = await given(
      `Phone,Amount\n${Array.from({ length: 4_000 }, (_, at) => `${at % 2 ? 'x' : `0711${String(at).padStart(6, '0')}`},50`).join('\n')}\n`,
    );
    expect(list).to.deep.include({ rowsRead: 4_000, faultRows: 2_000 });
    const sheet = (await opened(await back(list, 'xlsx'))).worksheets[0];
    expect(sheet?.rowCount).to.equal(4_001);
    expect(sheet?.getCell('C4001').value).to.equal('Phone: "x" is not a mobile number.');
  }).timeout(30_000);
});
