import { expect } from 'chai';
import excel from 'exceljs';
import {
  openSheets,
  PLAIN_CSV,
  type SheetMark,
  type SheetRow,
  TABLE_LIMITS,
  UnreadableTable,
} from '../../../src/platform/tables/index.ts';
import { type Folder, makeFolder } from '../../support/files.ts';
import { oldContainer } from '../../support/old-container.ts';
import { workbookParts, zip } from '../../support/zip.ts';

let folder: Folder;
before(async () => {
  folder = await makeFolder();
});
after(() => folder.drop());

interface Seen {
  name: string | undefined;
  isHidden: boolean;
  rows: SheetRow[];
  marks: SheetMark[];
}

async function sheetsOf(content: string | Buffer): Promise<{ sheets: Seen[]; bytes: number; totalBytes: number }> {
  const file = await openSheets(await folder.file('table', content), PLAIN_CSV, TABLE_LIMITS);
  const sheets: Seen[] = [];
  let bytes = 0;
  for await (const { name, isHidden, pieces } of file.sheets()) {
    const seen: Seen = { name, isHidden, rows: [], marks: [] };
    for await (const piece of pieces()) {
      seen.rows.push(...piece.rows);
      seen.marks.push(...piece.marks);
      bytes += piece.bytes;
    }
    sheets.push(seen);
  }
  return { sheets, bytes, totalBytes: file.totalBytes };
}

async function refusal(content: string | Buffer): Promise<UnreadableTable> {
  const [read] = await Promise.allSettled([sheetsOf(content)]);
  if (read?.status === 'rejected' && read.reason instanceof UnreadableTable) return read.reason;
  throw new Error(`it should be refused, and not ${JSON.stringify(read)}`);
}

describe('a file of sheets', () => {
  it('tells what every cell holds, and what is hidden or merged', async () => {
    const book = new excel.Workbook();
    const sheet = book.addWorksheet('Data');
    sheet.addRow(['Phone', 'Amount', 'When']);
    sheet.addRow([254711000001, { formula: 'B9*2', result: 500 }, new Date(Date.UTC(2026, 10, 20))]);
    sheet.addRow(['0711', true, { error: '#REF!' }]).hidden = true;
    sheet.addRow(['a', 'b', 'c']);
    sheet.getColumn(2).hidden = true;
    sheet.getCell('C2').numFmt = 'dd/mm/yyyy';
    sheet.mergeCells('A4:B4');
    book.addWorksheet('Secret', { state: 'veryHidden' }).addRow(['x']);
    const { sheets, bytes, totalBytes } = await sheetsOf(Buffer.from(await book.xlsx.writeBuffer()));
    const [first, second] = sheets;
    expect(first?.rows).to.deep.equal([
      { lineNo: 1, cells: ['Phone', 'Amount', 'When'], kinds: ['text', 'text', 'text'], isHidden: false },
      { lineNo: 2, cells: ['254711000001', '', '2026-11-20'], kinds: ['number', 'formula', 'date'], isHidden: false },
      { lineNo: 3, cells: ['0711', 'TRUE', '#REF!'], kinds: ['text', 'boolean', 'error'], isHidden: true },
      { lineNo: 4, cells: ['a', '', 'c'], kinds: ['text', 'text', 'text'], isHidden: false },
    ]);
    expect(first?.marks).to.deep.equal([
      { kind: 'hidden-columns', from: 1, to: 1 },
      { kind: 'merged', row: 4, column: 0, range: 'A4:B4' },
    ]);
    expect([second?.name, second?.isHidden]).to.deep.equal(['Secret', true]);
    expect(bytes).to.equal(totalBytes);
  });

  it('is CSV with its formulas as they stand there, and the bytes of the file', async () => {
    const csv = 'Phone,Amount\n"=""0711""",=1+1\n';
    const { sheets, bytes, totalBytes } = await sheetsOf(csv);
    expect(sheets[0]?.rows[1]).to.deep.include({ cells: ['="0711"', '=1+1'], kinds: ['formula', 'formula'] });
    expect([bytes, totalBytes, sheets[0]?.name]).to.deep.equal([csv.length, csv.length, undefined]);
  });

  it('is refused for what it is: with a password, of old, or no table at all', async () => {
    expect((await refusal(oldContainer('EncryptedPackage'))).fault).to.equal('password');
    expect((await refusal(oldContainer('Workbook'))).fault).to.equal('old-excel');
    expect((await refusal(oldContainer('WordDocument'))).fault).to.equal('password-or-old-excel');
    for (const start of [
      '%PDF-1.7\n',
      '<html><table>',
      '\ufeff \n<?xml version="1.0"?>',
      '{\\rtf1',
      '<!DOCTYPE html>',
    ]) {
      expect((await refusal(start)).fault, start).to.equal('not-a-table');
    }
  });

  it('is refused when it has more rows than a sheet can have, be they empty', async () => {
    const within = await sheetsOf(zip(workbookParts('<row/>'.repeat(1_048_576))));
    expect(within.sheets[0]?.rows).to.deep.equal([]);
    const error = await refusal(zip(workbookParts('<row/>'.repeat(2_000_000))));
    expect([error.fault, error.most]).to.deep.equal(['too-many-rows', 1_048_576]);
    expect((await refusal(zip(workbookParts('<row r="99999999"/>')))).fault).to.equal('too-many-rows');
  }).timeout(60_000);
});
