import type { Tallies } from '../../platform/tallies/index.ts';

/** From one address in an hour. Networks put many phones behind one, so they are generous. */
export interface CheckoutLimits {
  lookupsPerHour: number;
  promptsPerHour: number;
}

export interface Limiter {
  /** Counts one more; false when it is one too many. */
  take(kind: keyof CheckoutLimits, address: string): Promise<boolean>;
}

const HOUR_MS = 3_600_000;
const keyOf = (kind: keyof CheckoutLimits, address: string) => `checkout:${kind}:${address}`;

export function makeLimiter(tallies: Tallies, limits: CheckoutLimits): Limiter {
  return {
    take: async (kind, address) => (await tallies.add(keyOf(kind, address), HOUR_MS)).count <= limits[kind],
  };
}

/** An IPv6 customer has a whole /64, so that is what is counted. */
export function countedAddress(source: string | undefined): string {
  if (source === undefined) return 'unknown';
  if (!source.includes(':')) return source;
  const [head = '', tail] = source.toLowerCase().split('::');
  const left = head === '' ? [] : head.split(':');
  const right = tail === undefined || tail === '' ? [] : tail.split(':');
  const zeros = tail === undefined ? 0 : Math.max(0, 8 - left.length - right.length);
  return [...left, ...Array<string>(zeros).fill('0'), ...right].slice(0, 4).join(':');
}
