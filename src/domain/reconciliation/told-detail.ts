import { formatDecimal, isCurrency, type Money, parseMoney } from '../../kernel/index.ts';

/** What one of the three books says of a thing; undefined: nothing. */
export interface ToldSum {
  who: 'we' | 'operator' | 'biller';
  amount: Money | undefined;
}

/** A detail of the night as data, so that a page can tell it in its reader's language. */
export type ToldDetail =
  | { kind: 'sums'; names: string; sums: ToldSum[] }
  | { kind: 'no-statement'; party: string; day: string };

const LONGEST = 255;

/** As a break keeps it, and as a command prints it: `MXYZ SG1: we KES 500.00, operator nothing`. `readDetail` reads it again. */
export function writeDetail(detail: ToldDetail): string {
  if (detail.kind === 'no-statement') return `no statement of ${detail.party} covers ${detail.day}`;
  const sums = detail.sums.map(({ who, amount }) =>
    amount ? `${who} ${amount.currency} ${formatDecimal(amount)}` : `${who} nothing`,
  );
  return `${detail.names}: ${sums.join(', ')}`.slice(0, LONGEST);
}

const NO_STATEMENT = /^no statement of (\S{1,24}) covers (\d{4}-\d\d-\d\d)$/;
const SUMS = /^(.{0,255}?): (we .*)$/;
const SUM = /^(we|operator|biller) (?:nothing|([A-Z]{3}) (-?)(\S{1,24}))$/;

/** Pure. Undefined for every text that `writeDetail` did not write, whatever somebody wrote. */
export function readDetail(text: string): ToldDetail | undefined {
  const missing = NO_STATEMENT.exec(text);
  if (missing) return { kind: 'no-statement', party: missing[1] as string, day: missing[2] as string };
  const [, names, written] = SUMS.exec(text) ?? [];
  if (names === undefined || written === undefined) return undefined;
  const sums: ToldSum[] = [];
  for (const part of written.split(', ')) {
    const sum = readSum(part);
    if (!sum) return undefined;
    sums.push(sum);
  }
  return { kind: 'sums', names, sums };
}

function readSum(part: string): ToldSum | undefined {
  const [found, who, currency, sign, decimal] = SUM.exec(part) ?? [];
  if (found === undefined) return undefined;
  const is = { who: who as ToldSum['who'] };
  if (currency === undefined || decimal === undefined) return { ...is, amount: undefined };
  const amount = isCurrency(currency) ? parseMoney(decimal, currency) : undefined;
  return amount && { ...is, amount: { ...amount, amountMinor: sign ? -amount.amountMinor : amount.amountMinor } };
}
