import { type TableFault, type TableRow, UnreadableTable } from './table.ts';

const QUOTE = '"';

export interface CsvReader {
  /** The rows that end in this piece of text. */
  take(text: string): TableRow[];
  /** The last row, when the text does not end in a line break. */
  end(): TableRow[];
}

/**
 * RFC 4180, and no more: values may stand in quotation marks, which are doubled within, and may then hold line breaks. Lines
 * end in LF or CRLF; empty ones are passed over but counted. Throws `UnreadableTable` with the line.
 *
 * Written by hand, because it is the busiest loop of a night and takes a quarter of csv-parse's time; a test compares the two.
 */
export function makeCsvReader(delimiter: string, longestRow: number): CsvReader {
  let rest = '';
  let lineNo = 1;
  let isFirst = true;
  const here = (fault: TableFault, words: string) => new UnreadableTable(words, { fault, place: { row: lineNo } });
  const tooLong = () => here('row-too-long', 'too long for a row of a table');
  const openQuote = () => here('open-quote', 'a quotation mark is opened and never closed');
  const strayQuote = (words: string) => here('stray-quote', words);

  function* rowsOf(text: string, isEnd: boolean): Generator<TableRow> {
    let from = 0;
    for (;;) {
      const end = rowEnd(text, from);
      if (end < 0 && !isEnd) break;
      if (end < 0 && from >= text.length) break;
      const to = end < 0 ? text.length : end;
      const raw = text.charCodeAt(to - 1) === 13 && to > from ? text.slice(from, to - 1) : text.slice(from, to);
      if (raw.length > longestRow) throw tooLong();
      if (raw !== '') yield { lineNo, cells: cellsOf(raw) };
      lineNo += raw.includes('\n') ? 1 + countLines(raw) : 1;
      from = to + 1;
      if (end < 0) break;
    }
    rest = text.slice(Math.min(from, text.length));
    if (rest.length > longestRow) throw rest.includes(QUOTE) ? openQuote() : tooLong();
  }

  /** Where the row's line break is: the first that stands outside of quotation marks. -1: not in this text. */
  function rowEnd(text: string, from: number): number {
    let at = from;
    for (;;) {
      const newline = text.indexOf('\n', at);
      if (newline < 0) return -1;
      const quote = text.indexOf(QUOTE, at);
      if (quote < 0 || quote > newline) return newline;
      const closing = text.indexOf(QUOTE, quote + 1);
      if (closing < 0) return -1;
      at = closing + 1;
    }
  }

  function cellsOf(raw: string): string[] {
    if (!raw.includes(QUOTE)) return raw.split(delimiter);
    const cells: string[] = [];
    let at = 0;
    for (;;) {
      const [cell, next] = raw[at] === QUOTE ? quoted(raw, at + 1) : plain(raw, at);
      cells.push(cell);
      if (next >= raw.length) return cells;
      at = next + 1;
      if (at === raw.length) return [...cells, ''];
    }
  }

  function plain(raw: string, from: number): [string, number] {
    const found = raw.indexOf(delimiter, from);
    const to = found < 0 ? raw.length : found;
    const cell = raw.slice(from, to);
    if (cell.includes(QUOTE)) throw strayQuote('a quotation mark in the middle of a value');
    return [cell, to];
  }

  function quoted(raw: string, from: number): [string, number] {
    let at = from;
    for (;;) {
      const closing = raw.indexOf(QUOTE, at);
      if (closing < 0) throw openQuote();
      if (raw[closing + 1] === QUOTE) {
        at = closing + 2;
        continue;
      }
      const next = closing + 1;
      if (next < raw.length && raw[next] !== delimiter) {
        throw strayQuote('a value goes on after its closing quotation mark');
      }
      return [raw.slice(from, closing).replaceAll('""', QUOTE), next];
    }
  }

  return {
    take(text) {
      const unmarked = isFirst && text.charCodeAt(0) === 0xfeff ? text.slice(1) : text;
      isFirst = false;
      return [...rowsOf(rest + unmarked, false)];
    },
    end: () => [...rowsOf(rest, true)],
  };
}

function countLines(text: string): number {
  let count = 0;
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) count += 1;
  return count;
}
