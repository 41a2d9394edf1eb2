import { z } from 'zod';
import type { Money } from '../../kernel/index.ts';
import { parseMoney } from '../../kernel/index.ts';

/** Votes that are needed before the next step opens. Any of the roles may give each of them. */
export interface PolicyStep {
  roles: readonly string[];
  votes: number;
}

export interface Policy {
  name: string;
  steps: readonly PolicyStep[];
}

/** Which policy a thing needs, by its amount. */
export interface PolicyBands {
  kind: string;
  currency: string;
  /** Ascending; the first band whose limit is not below the amount counts. The last has no limit. */
  bands: readonly { upToMinor: bigint | undefined; policy: Policy }[];
}

/** Steps that pass nothing unseen: at least one, each with a role and a vote. */
export const policySchema = z.strictObject({
  name: z.string().min(1).max(64),
  steps: z
    .array(
      z.strictObject({
        roles: z
          .array(z.string().regex(/^[a-z][a-z-]{1,23}$/))
          .min(1)
          .max(8),
        votes: z.int().min(1).max(5),
      }),
    )
    .min(1)
    .max(6),
});

const bandsSchema = z.strictObject({
  kind: z.string().regex(/^[a-z][a-z-]{1,23}$/),
  currency: z.string().length(3),
  bands: z
    .array(
      z.strictObject({
        /** In major units; left out for the last band. */
        upTo: z
          .string()
          .regex(/^\d{1,12}(\.\d{1,2})?$/)
          .optional(),
        ...policySchema.shape,
      }),
    )
    .min(1)
    .max(10),
});

/** Reads bands as they are written in a file. Throws, naming what is wrong, when something could pass unseen. */
export function parseBands(written: unknown): PolicyBands {
  const { kind, currency, bands } = bandsSchema.parse(written);
  const read = bands.map(({ upTo, ...policy }, index) => {
    const isLast = index === bands.length - 1;
    if ((upTo === undefined) !== isLast) throw new Error(`${kind}: exactly the last band has no upTo`);
    const upToMinor = upTo === undefined ? undefined : parseMoney(upTo, currency)?.amountMinor;
    if (upTo !== undefined && upToMinor === undefined) throw new Error(`${kind}: ${upTo} is no amount of ${currency}`);
    return { upToMinor, policy };
  });
  for (const [index, { upToMinor }] of read.entries()) {
    const before = read[index - 1]?.upToMinor;
    if (before !== undefined && upToMinor !== undefined && upToMinor <= before) {
      throw new Error(`${kind}: the bands are not in ascending order`);
    }
  }
  return { kind, currency, bands: read };
}

/** The policy for an amount. Undefined for another currency: then nobody can grant it, and that is said. */
export function policyFor({ currency, bands }: PolicyBands, amount: Money): Policy | undefined {
  if (amount.currency !== currency) return undefined;
  return bands.find(({ upToMinor }) => upToMinor === undefined || amount.amountMinor <= upToMinor)?.policy;
}
