import { once } from 'node:events';
import { printable } from './page.ts';

/** A4 across, in points. */
const [WIDTH, HEIGHT, MARGIN] = [842, 595, 36];
const ROW = 13;
const SIZE = 7.5;
const FAINT = '#6b6b6b';
const INK = '#1a1a1a';

export interface PrintedColumn {
  title: string;
  /** Its part of the width; all together are what there is. */
  share: number;
  align?: 'right';
}

export interface TableSheet {
  title: string;
  /** Lines beneath the title of the first page. */
  about: readonly string[];
  columns: readonly PrintedColumn[];
  /** In groups, each read when the one before is printed and taken. */
  rows: AsyncIterable<readonly (readonly string[])[]>;
  /** Lines behind the last row. */
  ending: readonly string[];
  language: string;
  madeAtMs: number;
  /** At the foot of a page, by its number. */
  foot(page: number): string;
}

/**
 * A long table on as many pages as it takes, piece by piece. It is printed as it is taken: what is printed leaves before the next rows are
 * read, so a hundred thousand rows need no more memory than some pages.
 */
export async function* printTable(sheet: TableSheet): AsyncGenerator<Buffer> {
  // Here, since few processes ever print.
  const { default: PDFDocument } = await import('pdfkit');
  const made = new Date(sheet.madeAtMs);
  const info = { Title: sheet.title, CreationDate: made, ModDate: made };
  const doc = new PDFDocument({
    ...{ size: 'A4', layout: 'landscape', margin: MARGIN, info, lang: sheet.language, displayTitle: true },
    autoFirstPage: false,
  });
  let printed: Buffer[] = [];
  doc.on('data', (piece: Buffer) => printed.push(piece));
  const taken = () => {
    const pieces = printed;
    printed = [];
    return Buffer.concat(pieces);
  };
  for await (const _ of print(doc, sheet)) yield taken();
  const ended = once(doc, 'end');
  doc.end();
  await ended;
  yield taken();
}

/** Yields whenever a group of rows is printed. */
async function* print(doc: PDFKit.PDFDocument, sheet: TableSheet): AsyncGenerator<void> {
  const places = placesOf(sheet.columns);
  let [page, y] = [0, HEIGHT];
  const text = (strong: boolean, size: number, colour = INK) =>
    doc
      .font(strong ? 'Helvetica-Bold' : 'Helvetica')
      .fontSize(size)
      .fillColor(colour);
  const line = (cells: readonly string[], strong: boolean) => {
    for (const [at, { x, width, align }] of places.entries()) {
      const cell = cut(doc, text(strong, SIZE) && printable(cells[at] ?? ''), width - 4);
      doc.text(cell, x, y, { width: width - 4, align: align ?? 'left', lineBreak: false });
    }
    y += ROW;
  };
  const begin = () => {
    doc.addPage();
    // Below the margin nothing may break into a further page.
    doc.page.margins.bottom = 0;
    page += 1;
    text(false, 7, FAINT).text(printable(sheet.foot(page)), MARGIN, HEIGHT - 24, { lineBreak: false });
    y = MARGIN;
    if (page === 1) {
      text(true, 15).text(printable(sheet.title), MARGIN, y, { lineBreak: false });
      y += 22;
      for (const one of sheet.about) {
        text(false, 9, FAINT).text(printable(one), MARGIN, y, { lineBreak: false });
        y += 13;
      }
      y += 6;
    }
    line(
      sheet.columns.map(({ title }) => title),
      true,
    );
  };
  const room = (lines = 1) => {
    if (page === 0 || y + lines * ROW > HEIGHT - 34) begin();
  };
  room();
  for await (const rows of sheet.rows) {
    for (const row of rows) {
      room();
      line(row, false);
    }
    yield;
  }
  for (const one of sheet.ending) {
    room();
    text(true, 9).text(printable(one), MARGIN, y + 4, { lineBreak: false });
    y += ROW + 2;
  }
}

function placesOf(columns: readonly PrintedColumn[]) {
  const whole = columns.reduce((sum, { share }) => sum + share, 0);
  let x = MARGIN;
  return columns.map(({ share, align }) => {
    const width = ((WIDTH - 2 * MARGIN) * share) / whole;
    const place = { x, width, align };
    x += width;
    return place;
  });
}

/** What does not fit into its column ends in dots: nothing is printed over its neighbour. */
function cut(doc: PDFKit.PDFDocument, text: string, width: number): string {
  const plain = text.replace(/\s+/g, ' ').slice(0, 120);
  if (doc.widthOfString(plain) <= width) return plain;
  let end = plain.length;
  while (end > 0 && doc.widthOfString(`${plain.slice(0, end)}...`) > width) end -= 1;
  return `${plain.slice(0, end)}...`;
}
