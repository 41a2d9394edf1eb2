import { z } from 'zod';
import { type Msisdn, parseMsisdn } from '../../../kernel/index.ts';
import { decimalText, shortText } from '../../wire/index.ts';

const Parameter = z.object({
  Key: z.string().max(100),
  Value: z
    .union([z.string().max(500), z.number()])
    .optional()
    .catch(undefined),
});

/** The operator writes a list of one as the one itself. */
const oneOrMany = z.union([z.array(Parameter).max(100), Parameter.transform((one) => [one])]);

/** What the result of a question or a reversal tells beside its code; a failure has none. */
export const resultParameters = z.object({ ResultParameter: oneOrMany.optional() }).nullish();

/** All values of a key, as text. */
export function readParameters(given: z.infer<typeof resultParameters>): (key: string) => string[] {
  const parameters = given?.ResultParameter ?? [];
  return (key) => parameters.filter((one) => one.Key === key).map((one) => decimalText(one.Value ?? ''));
}

/** The first that begins with a number: `254700000001 - JANE W`. `DebitPartyName` comes twice, once without. */
export function partyOf(names: readonly string[]): { payer?: Msisdn; payerName?: string } {
  for (const name of names) {
    const [, number, person] = /^(\+?\d{9,15})\s*-\s*(.*)$/.exec(name) ?? [];
    const payer = number === undefined ? undefined : parseMsisdn(number, 'KE');
    if (payer === undefined) continue;
    const payerName = shortText(person ?? '', 100);
    return { payer, ...(payerName !== '' && { payerName }) };
  }
  return {};
}
