import { readFileSync } from 'node:fs';
import { parse } from 'yaml';
import { z } from 'zod';

export const COMMANDS = ['pay', 'balance', 'receipt', 'status', 'stop', 'start', 'help', 'yes', 'no'] as const;
export type CommandName = (typeof COMMANDS)[number];

/** What customers write, and what it means. Words are asked about in the form that `plainWord` gives them. */
export interface Keywords {
  commandOf(word: string): { command: CommandName; language: string } | undefined;
  billerOf(word: string): string | undefined;
  isMoneyWord(word: string): boolean;
  isFiller(word: string): boolean;
  /** The word that an answer names, by command and language. */
  wordFor(command: CommandName, language: string): string;
  /** The word by which a customer may name a company; its id when there is none. */
  billerWord(billerId: string): string;
}

const word = z.string().regex(/^[A-Z]{1,16}$/, 'must be 1 to 16 capital letters without accents');
const words = z.array(word).min(1).max(20);
const fileSchema = z.strictObject({
  commands: z.record(z.enum(COMMANDS), z.record(z.string().regex(/^[a-z]{2}$/), words)),
  billers: z.record(z.string(), words),
  money: words,
  fillers: words,
});

/** Upper case, without accents or signs around it: `Reçu,` is `RECU`. */
export function plainWord(text: string): string {
  return text
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .toUpperCase()
    .replace(/^[^A-Z0-9]+|[^A-Z0-9]+$/g, '');
}

/** Reads menus/keywords.yaml; a mistake in it, such as a word that means two things, fails here. */
export function loadKeywords(path: string, languages: readonly string[]): Keywords {
  const parsed = fileSchema.safeParse(parse(readFileSync(path, 'utf8')));
  if (!parsed.success) throw new Error(`${path}: ${z.prettifyError(parsed.error)}`);
  const { commands, billers, money, fillers } = parsed.data;
  const meanings = new Map<string, string>();
  const claim = (one: string, meaning: string) => {
    const before = meanings.get(one);
    if (before !== undefined && before !== meaning) throw new Error(`${path}: ${one} is both ${before} and ${meaning}`);
    meanings.set(one, meaning);
  };
  const byWord = new Map<string, { command: CommandName; language: string }>();
  for (const command of COMMANDS) {
    for (const language of languages) {
      const list = commands[command]?.[language];
      if (!list) throw new Error(`${path}: ${command} has no word in ${language}`);
      for (const one of list) {
        claim(one, command);
        if (!byWord.has(one)) byWord.set(one, { command, language });
      }
    }
  }
  const billerByWord = new Map<string, string>();
  for (const [id, list] of Object.entries(billers)) {
    for (const one of list) {
      claim(one, id);
      billerByWord.set(one, id);
    }
  }
  for (const one of money) claim(one, 'money');
  for (const one of fillers) claim(one, 'a filler');
  const [moneyWords, fillerWords] = [new Set(money), new Set(fillers)];
  return {
    commandOf: (one) => byWord.get(one),
    billerOf: (one) => billerByWord.get(one),
    isMoneyWord: (one) => moneyWords.has(one),
    isFiller: (one) => fillerWords.has(one),
    wordFor: (command, language) =>
      (commands[command]?.[language] ?? commands[command]?.[languages[0] ?? ''])?.[0] ?? command,
    billerWord: (billerId) => billers[billerId]?.[0] ?? billerId,
  };
}
