import { wallTimeOf } from '../../kernel/index.ts';
import { type Cell, type ColumnPlan, looksLikeFormula, type WrittenTable } from './cell.ts';
import { columnName } from './table.ts';
import { contentTypes, escapeXml, HEAD, MAIN, ROOT, relations, STYLE, STYLES, workbook } from './workbook-shell.ts';
import { type ZipPart, zipStream } from './zip-stream.ts';

/** Rows of a sheet, the format's own limit; a longer table goes on in a further sheet. */
const MOST_ROWS = 1_048_576;
/** Characters of a cell, the format's own limit. */
const LONGEST_TEXT = 32_767;

export interface WorkbookOptions {
  timeZone: string;
  /** Only to try the change of sheets. */
  rowsASheet?: number;
}

/**
 * Tables as an Excel workbook, a sheet each, piece by piece: it is read as fast as it is taken, so a million rows need no more memory
 * than some. A text stays a text, also when somebody edits its cell: what looks like a formula has Excel's own mark against that.
 */
export function writeWorkbook(tables: readonly WrittenTable[], options: WorkbookOptions): AsyncGenerator<Buffer> {
  return zipStream(parts(tables, options));
}

async function* parts(tables: readonly WrittenTable[], options: WorkbookOptions): AsyncGenerator<ZipPart> {
  const { rowsASheet = MOST_ROWS, timeZone } = options;
  const names: string[] = [];
  for (const { title, columns, rows } of tables) {
    const pages = new Pages(rows, rowsASheet - 1);
    // An empty table is a sheet too.
    do {
      names.push(sheetName(title, names));
      yield { path: `xl/worksheets/sheet${names.length}.xml`, pieces: sheet(columns, pages.page(), timeZone) };
    } while (await pages.hasMore());
  }
  // What names the sheets comes last, since their number is known only now.
  yield { path: 'xl/styles.xml', pieces: [STYLES] };
  yield { path: 'xl/workbook.xml', pieces: [workbook(names)] };
  yield { path: 'xl/_rels/workbook.xml.rels', pieces: [relations(names.length)] };
  yield { path: '_rels/.rels', pieces: [ROOT] };
  yield { path: '[Content_Types].xml', pieces: [contentTypes(names.length)] };
}

type Rows = readonly (readonly Cell[])[];

/** Rows that are read once, handed out a sheet at a time. */
class Pages {
  private readonly source: AsyncIterator<Rows>;
  private readonly most: number;
  private waiting: Rows = [];
  private isOver = false;

  constructor(rows: AsyncIterable<Rows>, most: number) {
    this.source = rows[Symbol.asyncIterator]();
    this.most = most;
  }

  async hasMore(): Promise<boolean> {
    while (this.waiting.length === 0 && !this.isOver) {
      const { done, value } = await this.source.next();
      if (done) this.isOver = true;
      else this.waiting = value;
    }
    return this.waiting.length > 0;
  }

  async *page(): AsyncGenerator<Rows> {
    let left = this.most;
    let isWhole = false;
    try {
      while (left > 0 && (await this.hasMore())) {
        const some = this.waiting.slice(0, left);
        this.waiting = this.waiting.slice(some.length);
        left -= some.length;
        yield some;
      }
      isWhole = true;
    } finally {
      // Whoever wanted the file is gone: nothing more is read.
      if (!isWhole) await this.source.return?.();
    }
  }
}

async function* sheet(
  columns: readonly ColumnPlan[],
  rows: AsyncIterable<Rows>,
  timeZone: string,
): AsyncGenerator<string> {
  const letters = columns.map((_, index) => columnName(index));
  const widths = columns.map(
    ({ title, width = Math.max(12, title.length + 2), isText }, index) =>
      `<col min="${index + 1}" max="${index + 1}" width="${width}" customWidth="1"${isText ? ` style="${STYLE.text}"` : ''}/>`,
  );
  let rowNo = 1;
  const row = (cells: readonly string[]) => {
    const xml = cells.map((cell, index) => cell && `<c r="${letters[index]}${rowNo}"${cell}</c>`).join('');
    rowNo += 1;
    return `<row r="${rowNo - 1}">${xml}</row>`;
  };
  const titles = row(columns.map(({ title }) => textCell(title, STYLE.title)));
  yield `${HEAD}<worksheet xmlns="${MAIN}"><sheetViews><sheetView workbookViewId="0"><pane ySplit="1" topLeftCell="A2" \
activePane="bottomLeft" state="frozen"/></sheetView></sheetViews><cols>${widths.join('')}</cols><sheetData>${titles}`;
  for await (const some of rows) {
    yield some
      .map((cells) => row(cells.map((cell, index) => cellXml(cell, timeZone, columns[index]?.isText))))
      .join('');
  }
  yield '</sheetData></worksheet>';
}

const DAY_MS = 86_400_000;
/** Days are counted from the end of 1899. */
const EPOCH_DAYS = 25_569;

/** What follows the address of a cell; empty for one that is left out. */
function cellXml(cell: Cell, timeZone: string, isText = false): string {
  if (cell === null) return '';
  if (typeof cell === 'string') return textCell(cell, plainStyle(cell, isText));
  if ('text' in cell) return textCell(cell.text, STYLE[cell.mark]);
  if ('atMs' in cell) return numberCell(String(wallTimeOf(cell.atMs, timeZone) / DAY_MS + EPOCH_DAYS), STYLE.time);
  if ('count' in cell) return numberCell(String(cell.count), STYLE.count);
  return numberCell(cell.decimal, STYLE.decimals[cell.digits ?? 2] ?? STYLE.decimals[2]);
}

/** A text that is edited stays one, by the column's format or by Excel's own mark. */
function plainStyle(text: string, isText: boolean): number | undefined {
  if (isText) return STYLE.text;
  return looksLikeFormula(text) ? STYLE.marked : undefined;
}

const numberCell = (value: string, style: number) => ` s="${style}"><v>${value}</v>`;

function textCell(text: string, style?: number): string {
  const shown = escapeXml(text.length > LONGEST_TEXT ? `${text.slice(0, LONGEST_TEXT - 1)}\u2026` : text);
  const styled = style === undefined ? '' : ` s="${style}"`;
  return ` t="inlineStr"${styled}><is><t xml:space="preserve">${shown}</t></is>`;
}

/** At most 31 characters, none of those that an address of a cell uses, and none twice. */
function sheetName(title: string, taken: readonly string[]): string {
  const plain = title.replace(/[\\/?*[\]:']/g, ' ').slice(0, 26);
  let name = plain;
  for (let count = 2; taken.includes(name); count += 1) name = `${plain} ${count}`;
  return name;
}
