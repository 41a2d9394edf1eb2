import type { NetworkName } from '../contract.ts';

/** Network codes of the gateway. 99999 is the sandbox: the strictest common screen. */
const NETWORKS: ReadonlyMap<string, NetworkName> = new Map<string, NetworkName>([
  ['63902', 'safaricom'],
  ['63903', 'airtel'],
  ['63907', 'telkom'],
  ['63999', 'equitel'],
  ['99999', 'gsm'],
]);

export function networkOf(code: string): NetworkName {
  return NETWORKS.get(code) ?? 'gsm';
}
