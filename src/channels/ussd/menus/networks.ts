import { countSeptets } from '../../../kernel/index.ts';
import type { NetworkName } from '../../../providers/ussd/index.ts';

/** Septets of GSM-7 that one screen holds. What is not published (Equitel, Telkom) has the GSM default. */
const SEPTETS: Readonly<Record<NetworkName, number>> = {
  safaricom: 160,
  airtel: 184,
  telkom: 182,
  equitel: 182,
  gsm: 182,
};

/** UTF-16 units of a screen that holds one character outside GSM-7: 160 octets on every network. */
const UCS2_UNITS = 80;

export const NETWORKS = Object.keys(SEPTETS) as readonly NetworkName[];

/** One network of each limit: what fits it fits the others of that limit. */
export const NETWORKS_TO_PROVE: readonly NetworkName[] = NETWORKS.filter(
  (network, place) => NETWORKS.findIndex((other) => SEPTETS[other] === SEPTETS[network]) === place,
);

export interface Measure {
  encoding: 'gsm7' | 'ucs2';
  /** Septets or UCS-2 units. */
  count: number;
  limit: number;
}

export function measure(text: string, network: NetworkName): Measure {
  const septets = countSeptets(text);
  return septets === undefined
    ? { encoding: 'ucs2', count: text.length, limit: UCS2_UNITS }
    : { encoding: 'gsm7', count: septets, limit: SEPTETS[network] };
}

export function fits(text: string, network: NetworkName): boolean {
  // Two septets a character at most, and one unit at least: most texts need no counting.
  if (text.length <= UCS2_UNITS) return true;
  if (text.length > SEPTETS[network]) return false;
  const { count, limit } = measure(text, network);
  return count <= limit;
}
