import type { NetworkName } from '../../../providers/ussd/index.ts';
import { fits } from './networks.ts';

/** A screen before it is cut into pages. */
export interface ScreenLines {
  /** What was wrong with the last input; stays on top of the first page. */
  error: string | undefined;
  body: string;
  items: readonly string[];
  /** The line of the keys back and home; empty where there are none. */
  nav: string;
  /** The line of the key that shows the next page. */
  more: string;
  /** On the second page and later 0 goes back a page, so this line is there even when `nav` is empty. */
  pageNav: string;
}

const join = (...lines: readonly string[]): string => lines.filter((line) => line !== '').join('\n');

/** Stops a text that no page can take from growing without bound. */
const MOST_PAGES = 30;

/** Pages that fit, or the least text that does not: one item, one word or the error line alone on a page. */
export type Paged = { pages: string[] } | { tooLong: string };

export function wholeScreen(lines: ScreenLines): string {
  return join(lines.error ?? '', lines.body, ...lines.items, lines.nav);
}

/** Cuts a screen into pages that fit the network. Items are never cut; the body is cut between words. */
export function paginate(lines: ScreenLines, network: NetworkName): Paged {
  const whole = wholeScreen(lines);
  if (fits(whole, network)) return { pages: [whole] };
  const rest = { words: splitBody(lines.body), items: [...lines.items] };
  const pages: string[] = [];
  while (rest.words.length > 0 || rest.items.length > 0) {
    if (pages.length === MOST_PAGES) return { tooLong: whole };
    const first = pages.length === 0;
    const top = first ? (lines.error ?? '') : '';
    const nav = first ? lines.nav : lines.pageNav;
    const last = join(top, joinWords(rest.words), ...rest.items, nav);
    if (fits(last, network)) {
      pages.push(last);
      return { pages };
    }
    const foot = join(lines.more, nav);
    const page = fillPage(rest, top, foot, network);
    if (page === undefined) return { tooLong: join(top, (rest.words[0] ?? rest.items[0] ?? '').trim(), foot) };
    pages.push(page);
  }
  return { pages };
}

/** Takes from `rest` what fits on one page; undefined when that is nothing. */
function fillPage(
  rest: { words: string[]; items: string[] },
  top: string,
  foot: string,
  network: NetworkName,
): string | undefined {
  let body = '';
  let taken = 0;
  // A line that fits is not torn, unless the page would stay half empty.
  let lineEnd = { body: '', taken: 0 };
  for (const word of rest.words) {
    const longer = body + word;
    if (!fits(join(top, longer.trim(), foot), network)) break;
    if (word.startsWith('\n')) lineEnd = { body, taken };
    body = longer;
    taken += 1;
  }
  const cut = rest.words[taken];
  if (cut !== undefined && !cut.startsWith('\n') && lineEnd.body.length * 2 > body.length) ({ body, taken } = lineEnd);
  const wordsLeft = rest.words.length - taken;
  rest.words.splice(0, taken);
  const items: string[] = [];
  while (wordsLeft === 0) {
    const item = rest.items[0];
    if (item === undefined || !fits(join(top, body.trim(), ...items, item, foot), network)) break;
    items.push(item);
    rest.items.shift();
  }
  return taken === 0 && items.length === 0 ? undefined : join(top, body.trim(), ...items, foot);
}

/** Words with the blank or line break before them, so that joining gives the body back. */
function splitBody(body: string): string[] {
  return body === '' ? [] : body.split(/(?=[ \n])/);
}

function joinWords(words: readonly string[]): string {
  return words.join('').trim();
}

/** For a screen that must be one page and, against the proof, is not: what fits, with two dots at the end. */
export function cutToFit(text: string, network: NetworkName): string {
  if (fits(text, network)) return text;
  let [low, high] = [0, text.length];
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (fits(`${text.slice(0, middle)}..`, network)) low = middle;
    else high = middle - 1;
  }
  return `${text.slice(0, low)}..`;
}
