import type { Context } from 'koa';
import { readDetail, type ToldDetail } from '../../domain/reconciliation/index.ts';
import type { Money, Refusal } from '../../kernel/index.ts';
import { chooseLanguage, languageName } from '../../platform/pages/index.ts';
import type { Texts, TextValues } from '../../platform/texts/index.ts';

/** What the pages say, in the reader's language. */
export interface ConsoleWords {
  language: string;
  languages: readonly { id: string; name: string }[];
  /** The text `console.<id>`. */
  say(id: string, values?: TextValues): string;
  /** A text of any namespace; the id itself where there is none, since what staff sees may be newer than the texts. */
  text(id: string, values?: TextValues): string;
  has(id: string): boolean;
  /** What a code of the service is called: the text `console.<group>.<code>`, else the code, which may be newer than the texts. */
  name(group: string, code: string): string;
  /** What a screen of the menus is called: the text `screens.<screen>`, else its name there. */
  screen(screen: string): string;
  /** Why something happened: in the reader's words where it is a reason that customers are told too or one of the service's own, else as it was kept. */
  why(reason: string): string;
  money(amount: Money): string;
  /** Day and time in the business's zone. */
  time(atMs: number): string;
  /** The same to the second: what follows each other in a timeline is told apart by it. */
  moment(atMs: number): string;
}

/** Namespace of what customers are told; staff has words of its own for the same. */
const REASONS = 'reasons.';

/** The text of a reason that the service keeps in its own words, `console.why.<these words>`, where `n` is a number in them. */
function keptReason(reason: string): { id: string; values: TextValues } {
  const words = reason.toLowerCase().replace(/\d+/, 'n');
  return {
    id: `console.why.${words.replace(/[^a-z0-9]+/g, '-').replace(/^-|-$/g, '')}`,
    values: { n: Number(/\d+/.exec(reason)?.[0] ?? 0) },
  };
}

/** What a break of the night says: the three books beside each other. */
function detailWords(text: ConsoleWords['text'], detail: ToldDetail): string {
  if (detail.kind === 'no-statement') return text('console.detail.no-statement', { ...detail });
  const sums = detail.sums.map(({ who, amount }) =>
    text(`console.detail.${who}`, {
      amount: amount ? text('console.format.money', { amount }) : text('console.detail.nothing'),
    }),
  );
  return [detail.names, sums.join(', ')].filter(Boolean).join(': ');
}

/** By `?lang`, else the language of the login, else of the browser. */
export function wordsOf(ctx: Context, texts: Texts, own: string | undefined): ConsoleWords {
  const chosen = ctx.query.lang === undefined && own !== undefined && texts.languages.includes(own);
  const language = chosen ? (own as string) : chooseLanguage(ctx, texts.languages);
  const text = (id: string, values?: TextValues) => (texts.has(id) ? texts.formatForPrint(language, id, values) : id);
  const name = (group: string, code: string) => {
    const id = `console.${group}.${code.replace(/[.:]/g, '-')}`;
    return texts.has(id) ? text(id) : code;
  };
  return {
    language,
    languages: texts.languages.map((id) => ({ id, name: languageName(id) })),
    say: (id, values) => text(`console.${id}`, values),
    text,
    has: (id) => texts.has(id),
    name,
    screen: (screen) => (texts.has(`screens.${screen}`) ? text(`screens.${screen}`) : screen),
    why(reason) {
      if (reason.startsWith(REASONS)) return name('reason', reason.slice(REASONS.length));
      const detail = readDetail(reason);
      if (detail) return detailWords(text, detail);
      const { id, values } = keptReason(reason);
      return texts.has(id) ? text(id, values) : reason;
    },
    money: (amount) => text('console.format.money', { amount }),
    time: (atMs) => text('console.format.time', { time: new Date(atMs) }),
    moment: (atMs) => text('console.format.moment', { time: new Date(atMs) }),
  };
}

export function refusalWords(words: ConsoleWords, { code, details }: Refusal): string {
  const id = `refusal.${code}`;
  return words.has(`console.${id}`) ? words.say(id, details as TextValues) : words.say('refusal.other', { code });
}
