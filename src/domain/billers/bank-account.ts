import { z } from 'zod';

/** Where a biller is paid. Plain words and digits, as a bank's form takes them. */
export const bankAccountSchema = z.strictObject({
  holder: z.string().min(2).max(70),
  bank: z.string().min(2).max(70),
  branch: z.string().min(1).max(70).optional(),
  account: z.string().regex(/^[A-Z0-9]{4,34}$/, 'must be 4 to 34 letters and digits'),
  swift: z
    .string()
    .regex(/^[A-Z]{6}[A-Z0-9]{2}([A-Z0-9]{3})?$/, 'must be a BIC of 8 or 11 characters')
    .optional(),
});

export type BankAccount = z.output<typeof bankAccountSchema>;
