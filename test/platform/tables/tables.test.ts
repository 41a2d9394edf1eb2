import { gzipSync } from 'node:zlib';
import { expect } from 'chai';
import { parse } from 'csv-parse/sync';
import excel from 'exceljs';
import fc from 'fast-check';
import { openTable, TABLE_LIMITS, type TableRow, UnreadableTable } from '../../../src/platform/tables/index.ts';
import { type Folder, makeFolder } from '../../support/files.ts';
import { workbookParts, zip } from '../../support/zip.ts';

let folder: Folder;
before(async () => {
  folder = await makeFolder();
});
after(() => folder.drop());

type Options = { limits?: Partial<typeof TABLE_LIMITS>; delimiter?: string; encoding?: 'utf-8' | 'windows-1252' };

async function rowsOf(content: string | Buffer, options: Options = {}, name = 'table'): Promise<TableRow[]> {
  const path = await folder.file(name, content);
  const { limits, delimiter = ',', encoding = 'utf-8' } = options;
  const table = await openTable(path, { delimiter, encoding }, { ...TABLE_LIMITS, ...limits });
  const rows: TableRow[] = [];
  for await (const some of table.rows()) rows.push(...some);
  return rows;
}

async function refusal(content: string | Buffer, options: Options = {}): Promise<string> {
  const [read] = await Promise.allSettled([rowsOf(content, options)]);
  if (read?.status === 'rejected' && read.reason instanceof UnreadableTable) return read.reason.message;
  throw new Error(`it should be refused, and not ${JSON.stringify(read)}`);
}

const cells = (rows: TableRow[]) => rows.map((row) => row.cells);

describe('a CSV file', () => {
  it('is read with the numbers of its lines, whatever stands in quotation marks', async () => {
    const rows = await rowsOf('\ufeffa,b\r\n"x, ""y""\r\nz",2\r\n\r\n,"",last');
    expect(rows).to.deep.equal([
      { lineNo: 1, cells: ['a', 'b'] },
      { lineNo: 2, cells: ['x, "y"\r\nz', '2'] },
      { lineNo: 5, cells: ['', '', 'last'] },
    ]);
  });

  it('is read as csv-parse reads it, however it is cut into chunks', async () => {
    const value = fc.oneof(
      fc.string({ maxLength: 8 }),
      fc.constantFrom('', 'a,b', 'x"y', 'two\nlines', '1,234.50', 'é'),
    );
    const table = fc.array(
      fc.array(
        value.filter((text) => !/^=|[\0\r]/.test(text)),
        { minLength: 1, maxLength: 4 },
      ),
      { maxLength: 12 },
    );
    await fc.assert(
      fc.asyncProperty(table, fc.boolean(), fc.boolean(), async (wanted, quoteAll, crlf) => {
        const quoted = (text: string) =>
          quoteAll || /[",\n]/.test(text) || text.startsWith('\ufeff') ? `"${text.replaceAll('"', '""')}"` : text;
        const csv = wanted.map((row) => row.map(quoted).join(',') + (crlf ? '\r\n' : '\n')).join('');
        const theirs: string[][] = parse(csv, { relax_column_count: true, skip_empty_lines: true });
        expect(cells(await rowsOf(csv || '\n'))).to.deep.equal(theirs);
      }),
      { numRuns: 300 },
    );
  }).timeout(60_000);

  it('is read across the borders of chunks, plain and in gzip', async () => {
    const line = (index: number) => `${index},"Zoë, ""${index}""",${'é'.repeat(20)}\n`;
    const csv = Array.from({ length: 20_000 }, (_, index) => line(index)).join('');
    for (const content of [Buffer.from(csv), gzipSync(csv)]) {
      const rows = await rowsOf(content);
      expect(rows).to.have.length(20_000);
      expect(rows[19_999]).to.deep.equal({ lineNo: 20_000, cells: ['19999', 'Zoë, "19999"', 'é'.repeat(20)] });
    }
  }).timeout(30_000);

  it('is read with another delimiter and in the encoding of old spreadsheets', async () => {
    const rows = await rowsOf(Buffer.from('Zo\xeb;1.000,00\n', 'latin1'), { delimiter: ';', encoding: 'windows-1252' });
    expect(cells(rows)).to.deep.equal([['Zoë', '1.000,00']]);
  });

  it('is refused when it is not a text of that encoding, with the line', async () => {
    expect(await refusal(Buffer.from('a,b\nc,d\ne,Zo\xeb\nf,g\n', 'latin1'))).to.match(
      /^line 3: a letter that is not UTF-8/,
    );
    expect(await refusal(Buffer.concat([Buffer.from('a,b\n'.repeat(200_000)), Buffer.from([0xc3])]))).to.match(
      /^line 200001: /,
    );
    expect(await refusal(Buffer.from('\ufeffa,b\n', 'utf16le'))).to.match(/^line 1: .*UTF-16/);
    expect(await refusal(Buffer.from('a,b\nc,d\n', 'utf16le'))).to.match(/^line 1: .*UTF-16/);
    expect(await refusal(Buffer.from('a,b\nc,d\n\0'))).to.equal('line 3: not a text file');
  });

  it('is refused when it is empty, endless, or broken in its quotation marks', async () => {
    expect(await refusal('')).to.equal('the file is empty');
    expect(await refusal('a,b\n"c,d\n')).to.equal('line 2: a quotation mark is opened and never closed');
    expect(await refusal(`a,b\n"${'x'.repeat(100_000)}`)).to.equal(
      'line 2: a quotation mark is opened and never closed',
    );
    expect(await refusal(`a,b\n${'x'.repeat(100_000)}`)).to.equal('line 2: too long for a row of a table');
    expect(await refusal('a,b"c\n')).to.equal('line 1: a quotation mark in the middle of a value');
    expect(await refusal('a\n"b"c\n')).to.equal('line 2: a value goes on after its closing quotation mark');
    expect(await refusal(`a\n${','.repeat(300)}\n`)).to.equal('line 2: more than 200 columns');
    expect(await refusal('a\nb\nc\n', { limits: { rows: 2 } })).to.equal('the file has more than 2 rows');
  });

  it('is refused when a cell is a formula', async () => {
    expect(await refusal('a,b\n1,=1+1\n')).to.equal('line 2, column 2: a formula; only values are read');
    expect(await refusal('a,b\n"=HYPERLINK(""x"")",1\n')).to.equal('line 2, column 1: a formula; only values are read');
  });

  it('is refused when its gzip ends early, is broken, or holds more than anybody means to give', async () => {
    const whole = gzipSync(
      Array.from({ length: 50_000 }, (_, index) => `${index},${(index * 7919) % 1_000}\n`).join(''),
    );
    expect(await refusal(whole.subarray(0, whole.length - 10))).to.match(/^after line \d+: the gzip data ends early/);
    const broken = Buffer.from(whole);
    broken.fill(0xff, 200, 400);
    expect(await refusal(broken)).to.match(/^after line \d+: the gzip data is broken/);
    const bomb = gzipSync(Buffer.alloc(50_000_000, 'a\n'));
    expect(bomb.length).to.be.lessThan(100_000);
    expect(await refusal(bomb, { limits: { textBytes: 1_000_000 } })).to.match(/larger than 1000000 bytes/);
  }).timeout(30_000);
});

async function workbook(fill: (sheet: excel.Worksheet, book: excel.Workbook) => void): Promise<Buffer> {
  const book = new excel.Workbook();
  fill(book.addWorksheet('Data'), book);
  return Buffer.from(await book.xlsx.writeBuffer());
}

describe('a workbook', () => {
  it('is read as text: dates, numbers, rich text and empty cells', async () => {
    const content = await workbook((sheet) => {
      sheet.addRow(['Receipt', 'When', 'Amount']);
      sheet.addRow([]);
      sheet.addRow(['SKA1', new Date(Date.UTC(2026, 10, 20, 12, 30, 15)), 1234.56]);
      sheet.addRow([{ richText: [{ text: 'two ' }, { text: 'parts' }] }, null, 0.1 + 0.2]);
      sheet.addRow(['<&>', true, 254711000001]);
      sheet.getColumn(2).numFmt = 'dd/mm/yyyy hh:mm:ss';
    });
    expect(await rowsOf(content)).to.deep.equal([
      { lineNo: 1, cells: ['Receipt', 'When', 'Amount'] },
      { lineNo: 3, cells: ['SKA1', '2026-11-20 12:30:15', '1234.56'] },
      { lineNo: 4, cells: ['two parts', '', '0.3'] },
      { lineNo: 5, cells: ['<&>', 'TRUE', '254711000001'] },
    ]);
  });

  it('is read in pieces', async () => {
    const rows = Array.from(
      { length: 5_000 },
      (_, index) => `<row><c t="inlineStr"><is><t>${index}</t></is></c></row>`,
    );
    const read = await rowsOf(zip(workbookParts(rows.join(''))));
    expect(read.at(-1)).to.deep.equal({ lineNo: 5_000, cells: ['4999'] });
    expect(read).to.have.length(5_000);
  });

  it('is refused for a formula, with sheet, row and column', async () => {
    const content = await workbook((sheet) => {
      sheet.addRow(['a', 'b']);
      sheet.addRow([1, { formula: 'SUM(A1:A9)', result: 5 }]);
    });
    expect(await refusal(content)).to.equal('sheet "Data", row 2, column B: a formula; only values are read');
  });

  it('is refused for an error in a cell, and for rows on two sheets', async () => {
    const wrong = await workbook((sheet) => void sheet.addRow(['a', { error: '#REF!' }]));
    expect(await refusal(wrong)).to.equal('sheet "Data", row 1, column B: an error, #REF!');
    const two = await workbook((sheet, book) => {
      sheet.addRow(['a']);
      book.addWorksheet('More').addRow(['b']);
    });
    expect(await refusal(two)).to.equal('the sheets "Data" and "More" both have rows: leave one in the file');
  });

  it('is refused when it is cut short or broken', async () => {
    const content = await workbook((sheet) => {
      for (let index = 0; index < 2_000; index += 1) sheet.addRow([`row ${index}`, (index * 7919) % 977]);
    });
    for (const length of [content.length - 30, content.length >> 1, 200]) {
      expect(await refusal(content.subarray(0, length))).to.match(/^the workbook is not whole/);
    }
    const parts = workbookParts('<row><c><v>1</v></c></row>');
    const archive = zip(parts);
    // One letter of the sheet's packed bytes.
    const at = archive.indexOf('sheet1.xml', archive.indexOf('sheet1.xml') - 100) + 12;
    archive[at] = (archive[at] ?? 0) ^ 0x55;
    expect(await refusal(archive)).to.match(/part .* of the workbook is broken|not whole/);
    expect(await refusal(zip(workbookParts('<row><c><v>1</c></row>')))).to.match(
      /^the part xl\/worksheets\/sheet1.xml of the workbook is broken/,
    );
  });

  it('is refused when it has a password or macros, or is something else in a zip', async () => {
    const ole = Buffer.from('d0cf11e0a1b11ae1', 'hex');
    expect(await refusal(Buffer.concat([ole, Buffer.alloc(600)]))).to.match(
      /^the workbook has a password, or is of Excel before 2007/,
    );
    const parts = workbookParts('');
    expect(await refusal(zip(parts.map((part) => ({ ...part, flags: 1 }))))).to.equal('the workbook has a password');
    const macros = { name: 'xl/vbaProject.bin', content: Buffer.from('x') };
    expect(await refusal(zip([...parts, macros]))).to.match(/^the workbook has macros/);
    expect(await refusal(zip([{ name: 'readme.txt', content: Buffer.from('x') }]))).to.match(
      /no Excel workbook|not an Excel workbook/,
    );
  });

  it('is refused as a bomb, whether it owns up to its size or not', async () => {
    const huge = `<row><c><v>1</v></c></row>${' '.repeat(60_000_000)}`;
    const honest = zip(workbookParts(huge));
    expect(honest.length).to.be.lessThan(100_000);
    expect(await refusal(honest, { limits: { workbookBytes: 10_000_000 } })).to.match(/larger than 10000000 bytes/);
    const liar = workbookParts(huge).map((part) => (part.name.includes('sheet1') ? { ...part, saidBytes: 100 } : part));
    expect(await refusal(zip(liar), { limits: { workbookBytes: 10_000_000 } })).to.match(/is broken/);
    expect(await refusal(zip(workbookParts(`<row><c><v>${'1'.repeat(3_000_000)}</v></c></row>`)))).to.match(
      /too long for a row/,
    );
    const far = '<row><c r="ZZZ1"><v>1</v></c></row>';
    expect(await refusal(zip(workbookParts(far)))).to.match(/more than 200 columns/);
    const entities = '<row><c t="inlineStr"><is><t>&lol;</t></is></c></row>';
    expect(await refusal(zip(workbookParts(entities)))).to.match(/is broken/);
  }).timeout(30_000);
});
