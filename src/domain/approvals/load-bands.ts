import { readFileSync } from 'node:fs';
import { parse } from 'yaml';
import { z } from 'zod';
import { type PolicyBands, parseBands } from './policy.ts';

/** Bands by the kind of thing that is approved. */
export type ApprovalBands = ReadonlyMap<string, PolicyBands>;

const fileSchema = z.record(z.string(), z.looseObject({})).refine((kinds) => Object.keys(kinds).length > 0, 'is empty');

/**
 * Reads menus/approvals.yaml. A mistake in it fails here, before anything runs: also a role that nobody can have, or a currency
 * that we do not collect in, since what it stands for could never be granted.
 */
export function loadApprovalBands(
  path: string,
  { roles, currency }: { roles: readonly string[]; currency: string },
): ApprovalBands {
  const read = fileSchema.safeParse(parse(readFileSync(path, 'utf8')));
  if (!read.success) throw new Error(`${path}: ${z.prettifyError(read.error)}`);
  const bands = new Map<string, PolicyBands>();
  for (const [kind, written] of Object.entries(read.data)) bands.set(kind, readBands(path, { kind, ...written }));
  for (const { kind, currency: own, bands: all } of bands.values()) {
    if (own !== currency) throw new Error(`${path}: ${kind} is in ${own}, and money is collected in ${currency}`);
    const named = all.flatMap(({ policy }) => policy.steps.flatMap((step) => step.roles));
    const unknown = named.find((role) => !roles.includes(role));
    if (unknown !== undefined) throw new Error(`${path}: ${kind} asks for the role ${unknown}, which does not exist`);
  }
  return bands;
}

function readBands(path: string, written: unknown): PolicyBands {
  try {
    return parseBands(written);
  } catch (error) {
    const why = error instanceof z.ZodError ? z.prettifyError(error) : (error as Error).message;
    throw new Error(`${path}: ${why}`, { cause: error });
  }
}
