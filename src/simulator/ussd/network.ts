import { countSeptets } from '../../kernel/index.ts';
import type { ScreenBudget } from '../handset/index.ts';

export interface Network {
  id: string;
  name: string;
  /** As Africa's Talking sends it. */
  code: string;
  /** Septets of one screen; what is not published has the GSM default. */
  septets: number;
  inputCharacters: number;
  idleMs: number;
}

const IDLE_MS = 30_000;

/** The limits of the networks, from their public documents; Telkom and Equitel publish fewer. */
export const NETWORKS: readonly Network[] = [
  { id: 'safaricom', name: 'Safaricom', code: '63902', septets: 160, inputCharacters: 80, idleMs: IDLE_MS },
  { id: 'airtel', name: 'Airtel', code: '63903', septets: 184, inputCharacters: 90, idleMs: 60_000 },
  { id: 'telkom', name: 'Telkom', code: '63907', septets: 182, inputCharacters: 80, idleMs: IDLE_MS },
  { id: 'equitel', name: 'Equitel', code: '63999', septets: 182, inputCharacters: 80, idleMs: IDLE_MS },
  { id: 'gsm', name: 'GSM', code: '99999', septets: 182, inputCharacters: 80, idleMs: IDLE_MS },
];

export const SESSION_MS = 180_000;

/** 160 octets, two for each unit. */
const UCS2_UNITS = 80;

export function networkById(id: string): Network | undefined {
  return NETWORKS.find((network) => network.id === id);
}

/** What a screen takes of what its network shows: septets, or units as soon as one character is outside GSM 03.38. */
export function measureScreen(text: string, network: Network): ScreenBudget {
  const septets = countSeptets(text);
  if (septets === undefined) return { encoding: 'UCS-2', used: text.length, limit: UCS2_UNITS };
  return { encoding: 'GSM-7', used: septets, limit: network.septets };
}

/** The text as the network shows it: what does not fit is cut off. */
export function cutToFit(text: string, network: Network): { shown: string; cutOff: number } {
  const { encoding, used, limit } = measureScreen(text, network);
  if (used <= limit) return { shown: text, cutOff: 0 };
  if (encoding === 'UCS-2') return { shown: text.slice(0, limit), cutOff: used - limit };
  let shown = '';
  let taken = 0;
  for (const character of text) {
    taken += countSeptets(character) ?? 1;
    if (taken > limit) break;
    shown += character;
  }
  return { shown, cutOff: [...text].length - [...shown].length };
}
