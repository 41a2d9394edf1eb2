import { formatDecimal, type Money, type Refusal } from '../../kernel/index.ts';

/** RFC 9457 with the refusal's code and the values that its words need; amounts as decimals. */
export function refusalDocument({ code, details }: Refusal, status: number): string {
  return JSON.stringify({
    type: `urn:malipo:refusal:${code}`,
    title: 'Refused',
    status,
    code,
    details: plain(details),
  });
}

function plain(details: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const plainDetails: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(details)) {
    if (typeof value === 'bigint') plainDetails[name] = value.toString();
    else if (isMoney(value)) plainDetails[name] = { amount: formatDecimal(value), currency: value.currency };
    else if (typeof value !== 'object' || value === null || value instanceof Date) plainDetails[name] = value;
  }
  return plainDetails;
}

function isMoney(value: unknown): value is Money {
  return typeof value === 'object' && value !== null && 'amountMinor' in value && 'currency' in value;
}
