import { z } from 'zod';

/** How a handset answers prompts by itself. */
export const HandsetSetting = z.strictObject({
  answer: z.enum(['pay', 'cancel', 'wrong-pin', 'ignore']),
  /** From the prompt to the answer. */
  delayMs: z.number().int().min(0).max(600_000).default(500),
  /** How long a prompt stays before it expires; the simulator's own default otherwise. */
  promptTimeoutMs: z.number().int().min(10).max(600_000).optional(),
  /** What the operator says in place of the true code, in the callback and to queries: `1025` though money moved. */
  code: z
    .string()
    .regex(/^[A-Za-z0-9_.]{1,20}$/)
    .refine((code) => !/^0+$/.test(code), 'a false success is not something an operator says')
    .optional(),
  /** False: the number is on no wallet, and the operator refuses a prompt to it. */
  hasWallet: z.boolean().optional(),
});
export type HandsetSetting = z.infer<typeof HandsetSetting>;

/** Without a setting and without a browser open for the number. */
export const DEFAULT_HANDSET_SETTING: HandsetSetting = { answer: 'pay', delayMs: 500 };
