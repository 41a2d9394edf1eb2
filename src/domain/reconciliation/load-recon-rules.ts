import { readFileSync } from 'node:fs';
import { parse } from 'yaml';
import { z } from 'zod';
import type { ReconSettings } from './recon-deps.ts';

const fileSchema = z.strictObject({
  waitDays: z.int().min(0).max(30),
  toleranceMinor: z.int().min(0).max(1_000_000),
  rules: z
    .array(
      z.strictObject({
        name: z.string().regex(/^[a-z0-9][a-z0-9-]{1,39}$/, 'must be lower case with hyphens'),
        side: z.enum(['operator', 'biller']),
        withinMinutes: z.int().min(1).max(2_880),
      }),
    )
    .max(20)
    .refine((rules) => new Set(rules.map(({ name }) => name)).size === rules.length, 'two rules have the same name')
    .refine(
      (rules) => !rules.some(({ name }) => name === 'receipt' || name === 'reference'),
      'receipt and reference are no rules',
    ),
});

/** Reads menus/reconciliation.yaml; a mistake in it fails here, before anything runs. */
export function loadReconRules(path: string): Omit<ReconSettings, 'timeZone'> {
  const parsed = fileSchema.safeParse(parse(readFileSync(path, 'utf8')));
  if (!parsed.success) throw new Error(`${path}: ${z.prettifyError(parsed.error)}`);
  const { waitDays, toleranceMinor, rules } = parsed.data;
  return {
    waitDays,
    toleranceMinor: BigInt(toleranceMinor),
    rules: rules.map(({ name, side, withinMinutes }) => ({ name, side, withinMs: withinMinutes * 60_000 })),
  };
}
