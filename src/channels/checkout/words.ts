import type { Context } from 'koa';
import type { Refusal } from '../../kernel/index.ts';
import { chooseLanguage, languageName } from '../../platform/pages/index.ts';
import type { Texts, TextValues } from '../../platform/texts/index.ts';

/** What a page says, in the visitor's language. */
export interface Words {
  language: string;
  languages: readonly { id: string; name: string }[];
  /** The text `pay.<id>`. */
  say(id: string, values?: TextValues): string;
  /** A text of any namespace. */
  text(id: string, values?: TextValues): string;
  has(id: string): boolean;
  /** The same in another language, if there are texts in it. */
  in(language: string): Words;
}

export function wordsOf(ctx: Context, texts: Texts): Words {
  return wordsIn(chooseLanguage(ctx, texts.languages), texts);
}

function wordsIn(language: string, texts: Texts): Words {
  const text = (id: string, values?: TextValues) => texts.formatForPrint(language, id, values);
  return {
    language,
    languages: texts.languages.map((id) => ({ id, name: languageName(id) })),
    say: (id, values) => text(`pay.${id}`, values),
    text,
    has: (id) => texts.has(id),
    in: (other) => (texts.languages.includes(other) ? wordsIn(other, texts) : wordsIn(language, texts)),
  };
}

/** What a refusal says on the page; what it does not know it says in general. */
export function refusalWords(words: Words, { code, details }: Refusal): string {
  const id = `refusal.${code}`;
  return words.has(`pay.${id}`) ? words.say(id, details as TextValues) : words.say('refusal.other');
}
