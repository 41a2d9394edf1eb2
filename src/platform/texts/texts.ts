import { IntlMessageFormat } from 'intl-messageformat';
import { foldToGsm7, invariant, type Money } from '../../kernel/index.ts';
import { FORMATS, makeFormatters } from './formats.ts';
import { type MessageElement, readPlaceholders } from './placeholders.ts';

export type TextValue = string | number | Money | Date;
export type TextValues = Readonly<Record<string, TextValue>>;

/** Templates as written: language -> text id -> template and the file that holds it. */
export type TextSource = ReadonlyMap<string, ReadonlyMap<string, { template: string; file: string }>>;

/** What people read, by text id (`ussd.home.title`) and language (`en`). */
export interface Texts {
  /** The default language first. */
  readonly languages: readonly string[];
  has(id: string): boolean;
  /** Sorted. */
  ids(): readonly string[];
  /** Names of the values that a text needs, sorted; the same in every language. */
  placeholders(id: string): readonly string[];
  /**
   * The text, folded to GSM-7 as far as its letters allow. An unknown language is the default one. An unknown id or a
   * missing value is a bug and throws.
   */
  format(language: string, id: string, values?: TextValues): string;
  /** The same with every letter as it is written: for paper and pages, not for SMS and menus. */
  formatForPrint(language: string, id: string, values?: TextValues): string;
}

export interface TextsOptions {
  defaultLanguage: string;
  /** IANA name, for example `Africa/Nairobi`: dates and times are told on this clock. */
  timeZone: string;
}

/** Everything that is wrong with the texts, one problem a line, each naming file, id and language. */
export class TextsError extends Error {
  override readonly name = 'TextsError';
  readonly problems: readonly string[];

  constructor(problems: readonly string[]) {
    super(problems.join('\n'));
    this.problems = problems;
  }
}

interface Compiled {
  placeholders: readonly string[];
  /** Both are made when the text is first said: a process says few of its thousands, and making them all takes a second. */
  make(): IntlMessageFormat;
  message: IntlMessageFormat | undefined;
  /** Of a text that needs no values; folded. */
  plain: string | undefined;
}

/** Compiles texts and proves that every language has the same ids with the same placeholders; throws `TextsError`. */
export function makeTexts(source: TextSource, options: TextsOptions): Texts {
  const problems: string[] = [];
  const languages = [
    options.defaultLanguage,
    ...[...source.keys()].filter((language) => language !== options.defaultLanguage).sort(),
  ];
  if (!source.has(options.defaultLanguage))
    problems.push(`no texts in the default language ${options.defaultLanguage}`);
  const compiled = new Map<string, Map<string, Compiled>>();
  for (const [language, entries] of source) {
    const formatters = makeFormatters(language, options.timeZone);
    const byId = new Map<string, Compiled>();
    for (const [id, { template, file }] of entries) {
      try {
        byId.set(id, compile(template, language, formatters));
      } catch (error) {
        problems.push(`${file}: ${id} (${language}): ${error instanceof Error ? error.message : String(error)}`);
      }
    }
    compiled.set(language, byId);
  }
  compareLanguages(source, compiled, problems);
  if (problems.length > 0) throw new TextsError(problems);

  const defaults = compiled.get(options.defaultLanguage);
  invariant(defaults, 'the default language was just compiled');
  const ids = [...defaults.keys()].sort();
  const find = (language: string, id: string): Compiled => {
    const text = (compiled.get(language) ?? defaults).get(id);
    invariant(text, `no text ${id}`);
    return text;
  };
  return {
    languages,
    ids: () => ids,
    has: (id) => defaults.has(id),
    placeholders(id) {
      const text = defaults.get(id);
      invariant(text, `no text ${id}`);
      return text.placeholders;
    },
    format(language, id, values) {
      const text = find(language, id);
      if (text.placeholders.length > 0) return foldText(write(text, id, values));
      text.plain ??= foldText(write(text, id));
      return text.plain;
    },
    formatForPrint: (language, id, values) => write(find(language, id), id, values),
  };
}

function write(text: Compiled, id: string, values?: TextValues): string {
  text.message ??= text.make();
  const formatted = text.message.format(values as Record<string, string>);
  // A Money or Date without a style comes back as an object: the text must say how it is written.
  invariant(typeof formatted === 'string', `text ${id} uses an amount or a date without a style`);
  return formatted;
}

/** Letters of ASCII need no folding: nearly every text, at a fraction of the cost. */
const PLAIN_ASCII = /^[\n -_a-~]*$/;

function foldText(text: string): string {
  return PLAIN_ASCII.test(text) ? text : foldToGsm7(text);
}

function compile(template: string, language: string, formatters: ReturnType<typeof makeFormatters>): Compiled {
  const options = { ignoreTag: true };
  const parse = IntlMessageFormat.__parse;
  invariant(parse, 'the library comes with its parser');
  const elements = parse(template, { ...options, locale: new Intl.Locale(language) });
  return {
    placeholders: readPlaceholders(elements as unknown as MessageElement[]),
    make: () => new IntlMessageFormat(template, language, FORMATS, { ...options, formatters }),
    message: undefined,
    plain: undefined,
  };
}

function compareLanguages(
  source: TextSource,
  compiled: ReadonlyMap<string, ReadonlyMap<string, Compiled>>,
  problems: string[],
): void {
  const firstFile = new Map<string, string>();
  const reference = new Map<string, { language: string; placeholders: string }>();
  for (const [language, entries] of source) {
    for (const [id, { file }] of entries) {
      if (!firstFile.has(id)) firstFile.set(id, file);
      const text = compiled.get(language)?.get(id);
      if (!text) continue;
      const placeholders = text.placeholders.join(', ');
      const known = reference.get(id);
      if (!known) reference.set(id, { language, placeholders });
      else if (known.placeholders !== placeholders) {
        problems.push(
          `${file}: ${id} (${language}): uses {${placeholders}}, but in ${known.language} it uses {${known.placeholders}}`,
        );
      }
    }
  }
  for (const [id, file] of firstFile) {
    for (const [language, entries] of source) {
      if (!entries.has(id)) problems.push(`${file}: ${id}: missing in ${language}`);
    }
  }
}
