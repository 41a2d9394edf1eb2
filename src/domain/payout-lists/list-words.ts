import { readFileSync } from 'node:fs';
import { parse } from 'yaml';
import { z } from 'zod';
import type { Msisdn } from '../../kernel/index.ts';
import { LIST_FIELDS, type ListField } from './finding.ts';
import { PAYOUT_PURPOSES, type PayoutPurpose } from './list-rules.ts';

/** Who gave out a number. */
export interface Network {
  name: string;
  country: string;
  /** Who pays to its numbers. */
  operator?: string | undefined;
}

/** How lists are written: the names of columns, of purposes, and where numbers come from. */
export interface ListWords {
  fieldOf(title: string): ListField | undefined;
  purposeOf(text: string): PayoutPurpose | undefined;
  networkOf(msisdn: Msisdn): Network | undefined;
  /** As the template and the texts name them. */
  titleOf(field: ListField, language: string): string;
  purposeWord(purpose: PayoutPurpose, language: string): string;
  /** The sheet of the template that says how it is filled in. */
  instructionsTitle(language: string): string;
  isInstructions(sheet: string): boolean;
}

const language = z.string().regex(/^[a-z]{2}$/);
const byLanguage = z.record(language, z.array(z.string().min(1).max(40)).min(1).max(40));
const fileSchema = z.strictObject({
  columns: z.record(z.enum(LIST_FIELDS), byLanguage),
  purposes: z.record(z.enum(PAYOUT_PURPOSES), byLanguage),
  instructions: byLanguage,
  networks: z.array(
    z.strictObject({
      name: z.string().min(1).max(24),
      country: z.string().regex(/^[A-Z]{2}$/),
      operator: z.string().min(1).max(24).optional(),
      prefixes: z.array(z.string().regex(/^\d{2,8}$/)).min(1),
    }),
  ),
});

/** Lower case, without accents, spaces and signs: `N° de téléphone` is `nodetelephone`. */
export function plainWords(text: string): string {
  return text
    .normalize('NFKD')
    .toLowerCase()
    .replace(/\u00b0/g, 'o')
    .replace(/[^\p{L}\p{N}]/gu, '');
}

/** Reads menus/payout-lists.yaml; a mistake in it, such as a word that means two things, fails here. */
export function loadListWords(path: string, languages: readonly string[]): ListWords {
  const parsed = fileSchema.safeParse(parse(readFileSync(path, 'utf8')));
  if (!parsed.success) throw new Error(`${path}: ${z.prettifyError(parsed.error)}`);
  const { columns, purposes, instructions, networks } = parsed.data;
  const fields = meanings(path, columns, languages);
  const reasons = meanings(path, purposes, languages);
  const sheets = meanings(path, { instructions }, languages);
  const byPrefix = new Map<string, Network>();
  for (const { prefixes, ...network } of networks) {
    for (const prefix of prefixes) {
      if (byPrefix.has(prefix)) throw new Error(`${path}: ${prefix} stands there twice`);
      byPrefix.set(prefix, network);
    }
  }
  const lengths = [...new Set([...byPrefix.keys()].map(({ length }) => length))].sort((one, other) => other - one);
  const first = (words: Readonly<Record<string, readonly string[]>> | undefined, wanted: string) =>
    (words?.[wanted] ?? words?.[languages[0] ?? ''])?.[0] ?? '';
  return {
    fieldOf(title) {
      // `Amount (KES)` says beside the name what it is in.
      return fields.get(plainWords(title)) ?? fields.get(plainWords(title.replace(/\([^()]*\)/g, '')));
    },
    purposeOf: (text) => reasons.get(plainWords(text)),
    networkOf(msisdn) {
      for (const length of lengths) {
        const found = byPrefix.get(msisdn.slice(1, 1 + length));
        if (found) return found;
      }
      return undefined;
    },
    titleOf: (field, wanted) => first(columns[field], wanted),
    purposeWord: (purpose, wanted) => first(purposes[purpose], wanted),
    instructionsTitle: (wanted) => first(instructions, wanted),
    isInstructions: (sheet) => sheets.has(plainWords(sheet)),
  };
}

function meanings<M extends string>(
  path: string,
  listed: Partial<Record<M, Record<string, string[]>>>,
  languages: readonly string[],
): Map<string, M> {
  const found = new Map<string, M>();
  for (const [meaning, words] of Object.entries(listed) as [M, Record<string, string[]>][]) {
    for (const wanted of languages) {
      if (!words[wanted]) throw new Error(`${path}: ${meaning} has no word in ${wanted}`);
    }
    for (const word of [meaning as string, ...Object.values(words).flat()]) {
      const before = found.get(plainWords(word));
      if (before !== undefined && before !== meaning)
        throw new Error(`${path}: ${word} is both ${before} and ${meaning}`);
      found.set(plainWords(word), meaning);
    }
  }
  return found;
}
