import { randomBytes } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { expect } from 'chai';
import { parse } from 'csv-parse/sync';
import excel from 'exceljs';
import {
  type Cell,
  openTable,
  PLAIN_CSV,
  type WrittenTable,
  writeCsv,
  writeWorkbook,
} from '../../../src/platform/tables/index.ts';

const timeZone = 'Africa/Nairobi';
const HOSTILE = ['=1+1', '+254711', '-2+3', '@SUM(A1)', '\t=1', '\r=1', '\n=1', '\uff1d1+1', "=cmd|' /C calc'!A0"];

function table(rows: readonly (readonly Cell[])[], title = 'Payments'): WrittenTable {
  async function* some() {
    for (let at = 0; at < rows.length; at += 2) yield rows.slice(at, at + 2);
  }
  return { title, columns: [{ title: 'What' }, { title: 'How much' }, { title: 'When' }], rows: some() };
}

async function csvOf(written: WrittenTable): Promise<string[][]> {
  let text = '';
  for await (const piece of writeCsv(written, timeZone)) text += piece;
  return parse(text, { bom: true, relax_column_count: true });
}

async function bytesOf(tables: readonly WrittenTable[], rowsASheet?: number): Promise<Buffer> {
  const pieces: Buffer[] = [];
  const options = rowsASheet === undefined ? { timeZone } : { timeZone, rowsASheet };
  for await (const piece of writeWorkbook(tables, options)) pieces.push(piece);
  return Buffer.concat(pieces);
}

async function workbookOf(tables: readonly WrittenTable[], rowsASheet?: number) {
  const workbook = new excel.Workbook();
  await workbook.xlsx.load((await bytesOf(tables, rowsASheet)) as unknown as ArrayBuffer);
  return workbook;
}

setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as () => void;

function memoryInUse(): number {
  collect();
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}

describe('tables that are written', () => {
  const rows: Cell[][] = [
    ['Maji "Water", Ltd\nNairobi', { decimal: '-12.50' }, { atMs: Date.UTC(2026, 10, 20, 21, 30, 5) }],
    ['caf\u00e9 \u6c34 <&>', { count: 1_234_567 }, null],
  ];

  it('are CSV that a spreadsheet and csv-parse read alike, on the clock of the business', async () => {
    expect(await csvOf(table(rows))).to.deep.equal([
      ['What', 'How much', 'When'],
      ['Maji "Water", Ltd\nNairobi', '-12.50', '2026-11-21 00:30:05'],
      ['caf\u00e9 \u6c34 <&>', '1234567', ''],
    ]);
  });

  it('are a workbook with numbers as numbers, instants as dates and texts as texts', async () => {
    const [sheet] = (await workbookOf([table(rows)])).worksheets;
    expect(sheet?.name).to.equal('Payments');
    expect(sheet?.getCell('A2').value).to.equal('Maji "Water", Ltd\nNairobi');
    expect(sheet?.getCell('A3').value).to.equal('caf\u00e9 \u6c34 <&>');
    expect(sheet?.getCell('B2').value).to.equal(-12.5);
    expect(sheet?.getCell('B3').value).to.equal(1_234_567);
    expect(sheet?.getCell('C2').value).to.deep.equal(new Date('2026-11-21T00:30:05.000Z'));
    expect(sheet?.getCell('C3').value).to.equal(null);
  });

  it('compute nothing from what somebody wrote into a field', async () => {
    const hostile = HOSTILE.map((text): Cell[] => [text, { decimal: '-1.00' }, null]);
    const read = await csvOf(table(hostile));
    expect(read.slice(1).map(([text]) => text)).to.deep.equal(HOSTILE.map((text) => `'${text}`));
    expect(read.slice(1).map(([, amount]) => amount)).to.deep.equal(HOSTILE.map(() => '-1.00'));
    const [sheet] = (await workbookOf([table(hostile)])).worksheets;
    HOSTILE.forEach((text, index) => {
      const cell = sheet?.getCell(`A${index + 2}`);
      expect(cell?.type, text).to.equal(excel.ValueType.String);
      expect(cell?.value).to.equal(text);
    });
  });

  it('hold what neither format can: control characters, half a character, a text of any length', async () => {
    const odd: Cell[][] = [
      ['a\u0001b\ud800c', null, null],
      ['x'.repeat(40_000), null, null],
    ];
    const [sheet] = (await workbookOf([table(odd)])).worksheets;
    expect(sheet?.getCell('A2').value).to.equal('a\ufffdb\ufffdc');
    expect(String(sheet?.getCell('A3').value)).to.have.length(32_767);
  });

  it('go on in a further sheet, and are a sheet when they are empty', async () => {
    const many = Array.from({ length: 7 }, (_, index): Cell[] => [`row ${index}`, null, null]);
    const workbook = await workbookOf([table(many), table([], 'Pay/ments')], 4);
    const sheets = workbook.worksheets.map(({ name, rowCount }) => [name, rowCount]);
    expect(sheets).to.deep.equal([
      ['Payments', 4],
      ['Payments 2', 4],
      ['Payments 3', 2],
      ['Pay ments', 1],
    ]);
  });

  it('are read again by our own reader', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'malipo-tables-'));
    try {
      const path = join(folder, 'table.xlsx');
      await writeFile(path, await bytesOf([table(rows)]));
      const read: (readonly string[])[] = [];
      for await (const some of (await openTable(path, PLAIN_CSV)).rows()) read.push(...some.map(({ cells }) => cells));
      expect(read[1]?.[0]).to.equal('Maji "Water", Ltd\nNairobi');
      expect(Number(read[1]?.[1])).to.equal(-12.5);
    } finally {
      await rm(folder, { recursive: true });
    }
  });

  it('read no further than they are taken, and stop when nobody takes them', async () => {
    let read = 0;
    let closed = false;
    async function* endless() {
      try {
        for (;;) {
          read += 1;
          yield Array.from({ length: 500 }, (): Cell[] => [randomBytes(99).toString('base64'), { count: read }, null]);
        }
      } finally {
        closed = true;
      }
    }
    const written = writeWorkbook([{ ...table([]), rows: endless() }], { timeZone });
    for (let count = 0; count < 5; count += 1) await written.next();
    expect(read, 'five pieces of 16 KB are made of few batches of 50 KB').to.be.below(12);
    await written.return(undefined);
    expect(closed).to.equal(true);
  });

  for (const [format, write] of [
    ['CSV', (rows: WrittenTable) => writeCsv(rows, timeZone)],
    ['a workbook', (rows: WrittenTable) => writeWorkbook([rows], { timeZone })],
  ] as const) {
    it(`need no more memory for 100,000 rows than for 10,000, as ${format}`, async function () {
      this.timeout(60_000);
      let made = 0;
      const samples: number[] = [];
      async function* long() {
        for (; made < 100_000; made += 500) {
          if (made % 10_000 === 0) samples.push(memoryInUse());
          yield Array.from({ length: 500 }, (_, index): Cell[] => [
            `row ${made + index} ${'x'.repeat(80)}`,
            { decimal: `${made}.50` },
            { atMs: made },
          ]);
        }
      }
      let bytes = 0;
      for await (const piece of write({ ...table([]), rows: long() })) bytes += piece.length;
      expect(bytes).to.be.greaterThan(100_000);
      const [, early = 0] = samples;
      // One sample may meet what else this process does; what is kept of rows would be in each of the last.
      const last = Math.min(...samples.slice(-3));
      expect(last - early, 'what is left of the rows that were written').to.be.below(4_000_000);
    });
  }
});
