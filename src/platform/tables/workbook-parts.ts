import { SaxesParser, type SaxesTagPlain } from 'saxes';
import { type TableLimits, UnreadableTable } from './table.ts';
import type { WorkbookArchive } from './workbook-archive.ts';

/** What the cells of a sheet refer to. */
export interface WorkbookParts {
  sheets: { name: string; part: string; isHidden: boolean }[];
  strings: string[];
  /** By the number of a cell's style: whether its number is a date, and with a time of day. */
  dateStyles: ('date' | 'time' | undefined)[];
  /** Days from Excel's first to 1970. */
  epochDays: number;
}

const MIB = 1024 ** 2;
const MOST_BYTES = { list: 4 * MIB, styles: 16 * MIB } as const;

export interface XmlEvents {
  open?(name: string, attributes: Readonly<Record<string, string>>): void;
  text?(text: string): void;
  close?(name: string): void;
}

/** Parses one part; afterwards everything that it holds was told. Names come without their prefix. */
export async function* parseXml(part: string, bytes: AsyncIterable<Buffer>, events: XmlEvents): AsyncGenerator<number> {
  const parser = new SaxesParser();
  const decoder = new TextDecoder('utf-8', { fatal: true });
  const local = (name: string) => name.slice(name.indexOf(':') + 1);
  parser.on('opentag', ({ name, attributes }: SaxesTagPlain) => events.open?.(local(name), attributes));
  parser.on('text', (text) => events.text?.(text));
  parser.on('cdata', (text) => events.text?.(text));
  parser.on('closetag', ({ name }) => events.close?.(local(name)));
  parser.on('error', (error) => {
    throw new UnreadableTable(`the part ${part} of the workbook is broken: ${error.message}`.slice(0, 200), {
      fault: 'broken',
      cause: error,
    });
  });
  try {
    for await (const chunk of bytes) {
      parser.write(decoder.decode(chunk, { stream: true }));
      yield chunk.length;
    }
    parser.write(decoder.decode()).close();
  } catch (error) {
    if (error instanceof TypeError)
      throw new UnreadableTable(`the part ${part} of the workbook is not UTF-8`, { fault: 'broken', cause: error });
    throw error;
  }
}

async function readPart(archive: WorkbookArchive, part: string, mostBytes: number, events: XmlEvents): Promise<void> {
  const bytes = archive.read(part, mostBytes);
  if (!bytes) return;
  for await (const _ of parseXml(part, bytes, events));
}

export async function readParts(archive: WorkbookArchive, { sharedTextBytes }: TableLimits): Promise<WorkbookParts> {
  const { sheets, is1904 } = await readSheetList(archive);
  return {
    sheets,
    strings: await readStrings(archive, sharedTextBytes),
    dateStyles: await readDateStyles(archive),
    epochDays: is1904 ? 24_107 : 25_569,
  };
}

/** What the workbook lists, without opening any of it. */
export async function readSheetList(
  archive: WorkbookArchive,
): Promise<{ sheets: WorkbookParts['sheets']; is1904: boolean }> {
  const found: { name: string; id: string; isHidden: boolean }[] = [];
  let is1904 = false;
  await readPart(archive, 'xl/workbook.xml', MOST_BYTES.list, {
    open(name, attributes) {
      if (name === 'sheet') {
        const isHidden = (attributes.state ?? 'visible') !== 'visible';
        found.push({ name: attributes.name ?? '', id: attributes['r:id'] ?? '', isHidden });
      }
      if (name === 'workbookPr') is1904 = attributes.date1904 === '1' || attributes.date1904 === 'true';
    },
  });
  const targets = new Map<string, string>();
  await readPart(archive, 'xl/_rels/workbook.xml.rels', MOST_BYTES.list, {
    open(name, { Id = '', Target = '' }) {
      if (name === 'Relationship') targets.set(Id, Target.startsWith('/') ? Target.slice(1) : `xl/${Target}`);
    },
  });
  const sheets = found.map(({ name, id, isHidden }) => ({ name, isHidden, part: targets.get(id) ?? '' }));
  if (sheets.length === 0) throw new UnreadableTable('the workbook has no sheet', { fault: 'broken' });
  return { sheets, is1904 };
}

async function readStrings(archive: WorkbookArchive, mostBytes: number): Promise<string[]> {
  const strings: string[] = [];
  let text: string | undefined;
  let isShown = false;
  await readPart(archive, 'xl/sharedStrings.xml', mostBytes, {
    open(name) {
      if (name === 'si') text = '';
      // How a word is pronounced stands beside it and is no part of it.
      if (name === 'rPh') isShown = false;
      if (name === 't') isShown = text !== undefined;
    },
    text(piece) {
      if (isShown && text !== undefined) text += piece;
    },
    close(name) {
      if (name === 't') isShown = false;
      if (name !== 'si' || text === undefined) return;
      strings.push(text);
      text = undefined;
    },
  });
  return strings;
}

async function readDateStyles(archive: WorkbookArchive): Promise<WorkbookParts['dateStyles']> {
  const custom = new Map<number, string>();
  const styles: WorkbookParts['dateStyles'] = [];
  let inCellStyles = false;
  await readPart(archive, 'xl/styles.xml', MOST_BYTES.styles, {
    open(name, attributes) {
      if (name === 'numFmt') custom.set(Number(attributes.numFmtId), attributes.formatCode ?? '');
      if (name === 'cellXfs') inCellStyles = true;
      if (name === 'xf' && inCellStyles) styles.push(dateKind(Number(attributes.numFmtId ?? 0), custom));
    },
    close(name) {
      if (name === 'cellXfs') inCellStyles = false;
    },
  });
  return styles;
}

/** ECMA-376, 18.8.30: the formats that need no definition. */
function dateKind(id: number, custom: ReadonlyMap<number, string>): 'date' | 'time' | undefined {
  const code = custom.get(id);
  if (code === undefined) {
    if ((id >= 14 && id <= 17) || (id >= 27 && id <= 31) || (id >= 50 && id <= 58)) return 'date';
    return (id >= 18 && id <= 22) || (id >= 32 && id <= 36) || (id >= 45 && id <= 47) ? 'time' : undefined;
  }
  const letters = code.replace(/"[^"]*"|\\.|_.|\*.|\[(?!h+\]|m+\]|s+\])[^\]]*\]/gi, '').toLowerCase();
  if (letters === 'general' || letters === '@') return undefined;
  if (/[hs]/.test(letters)) return 'time';
  return /[ymd]/.test(letters) ? 'date' : undefined;
}
