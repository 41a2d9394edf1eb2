import type { Readable } from 'node:stream';
import type { Money } from '../../kernel/index.ts';
import type { Texts, TextValues } from '../texts/index.ts';

/** A4 in points, with the room around what is printed. */
const [WIDTH, MARGIN] = [595, 56];
export const LEFT = MARGIN;
export const RIGHT = WIDTH - MARGIN;
const INK = '#1a1a1a';
const FAINT = '#6b6b6b';
const RULE = '#c9c9c9';

/** One printed page: rows of a label and a figure, from the top down. */
export interface Page {
  /** A text of the page's own namespace. */
  text(id: string, values?: TextValues): string;
  money(amount: Money): string;
  /** A day such as `2026-11-20`, in full; and an instant in the page's zone. */
  day(day: string): string;
  instant(atMs: number): string;
  title(title: string, beside: string): void;
  heading(text: string): void;
  row(label: string, value: string, options?: { strong?: boolean; note?: string; small?: boolean }): void;
  rule(): void;
  space(points: number): void;
  note(text: string): void;
  /** Places for ink, side by side, at the foot of the page. */
  signatures(titles: readonly string[]): void;
  foot(text: string): void;
  /** Ends the page: its bytes. */
  end(): Readable;
}

export interface PageOptions {
  language: string;
  timeZone: string;
  /** Of its texts: `settlement`. It has `money`, and for signatures `name`, `date` and `signature`. */
  namespace: string;
  title: string;
  madeAtMs: number;
}

/** Figures stand in one column on the right; letters are those of the fonts that every reader has. */
export async function openPage(
  texts: Texts,
  { language, timeZone, namespace, title, madeAtMs }: PageOptions,
): Promise<Page> {
  // Here, since few processes ever print.
  const { default: PDFDocument } = await import('pdfkit');
  // The same page has the same bytes: its own time, not the clock's.
  const info = { Title: title, CreationDate: new Date(madeAtMs), ModDate: new Date(madeAtMs) };
  const doc = new PDFDocument({ size: 'A4', margin: MARGIN, info, lang: language, displayTitle: true });
  const font = (strong: boolean, size: number, colour = INK) =>
    doc
      .font(strong ? 'Helvetica-Bold' : 'Helvetica')
      .fontSize(size)
      .fillColor(colour);
  const width = RIGHT - LEFT;
  const say = (id: string, values?: TextValues) =>
    printable(texts.formatForPrint(language, `${namespace}.${id}`, values));
  let y = MARGIN;
  const line = (atY: number, colour = RULE, thick = 0.5) =>
    doc.moveTo(LEFT, atY).lineTo(RIGHT, atY).lineWidth(thick).strokeColor(colour).stroke();
  return {
    text: say,
    money: ({ amountMinor, currency }) => say('money', { amount: { amountMinor, currency } }),
    day: (day) => printable(dayFormat(language).format(Date.parse(`${day}T12:00:00Z`))),
    instant: (atMs) => printable(instantFormat(language, timeZone).format(atMs)),
    title(text, beside) {
      font(true, 20).text(text, LEFT, y, { lineBreak: false });
      font(false, 11, FAINT).text(printable(beside), LEFT, y + 6, { width, align: 'right', lineBreak: false });
      y += 32;
      line(y, INK, 1.2);
      y += 14;
    },
    heading(text) {
      y += 12;
      font(true, 11).text(text, LEFT, y, { lineBreak: false });
      y += 17;
      line(y);
      y += 7;
    },
    row(label, value, { strong = false, note, small = false } = {}) {
      const size = small ? 8 : strong ? 13 : 10.5;
      font(strong, size, strong ? INK : FAINT).text(label, LEFT, y, { lineBreak: false });
      if (note) font(false, 9, FAINT).text(note, LEFT + 210, y + 1, { lineBreak: false });
      font(strong, size).text(printable(value), LEFT, y, { width, align: 'right', lineBreak: false });
      y += strong ? 22 : 18;
    },
    rule() {
      line(y - 2, INK, 0.8);
      y += 6;
    },
    space(points) {
      y += points;
    },
    note(text) {
      font(false, 9.5, FAINT).text(text, LEFT, y, { width });
      y = doc.y + 6;
    },
    signatures(titles) {
      const [gap, top] = [24, 690];
      const each = (width - gap * (titles.length - 1)) / titles.length;
      for (const [at, title] of titles.entries()) {
        const x = LEFT + at * (each + gap);
        font(true, 9.5).text(title, x, top - 18, { width: each, lineBreak: false });
        for (const [row, label] of [say('name'), say('date'), say('signature')].entries()) {
          const lineY = top + 22 + row * 26;
          doc
            .moveTo(x, lineY)
            .lineTo(x + each, lineY)
            .lineWidth(0.5)
            .strokeColor(FAINT)
            .stroke();
          font(false, 7.5, FAINT).text(label, x, lineY - 10, { lineBreak: false });
        }
      }
    },
    foot(text) {
      // Below the margin nothing may break into a second page.
      doc.page.margins.bottom = 0;
      font(false, 7.5, FAINT).text(printable(text), LEFT, 806, { width, align: 'center', lineBreak: false });
    },
    end() {
      doc.end();
      return doc as unknown as Readable;
    },
  };
}

/** The fonts' letters are those of Western Europe: other kinds of spaces become plain ones, other letters a question mark. */
export function printable(text: string): string {
  return text
    .normalize('NFC')
    .replace(/[\u202f\u2009\u00a0]/g, ' ')
    .replace(/[\u2010-\u2015\u2212]/g, '-')
    .replace(/[^\n -~\u00a1-\u00ff]/g, (letter) => (/[\u2018\u2019]/.test(letter) ? "'" : '?'));
}

const dayFormat = (language: string) => new Intl.DateTimeFormat(language, { dateStyle: 'full', timeZone: 'UTC' });

const instantFormat = (language: string, timeZone: string) =>
  new Intl.DateTimeFormat(language, { dateStyle: 'medium', timeStyle: 'short', hourCycle: 'h23', timeZone });
