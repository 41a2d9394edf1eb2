import { isIP } from 'node:net';
import { makeNetworks, type Networks } from './networks.ts';

/**
 * What an address that somebody else chose must not lead to: this machine, the networks around it, the metadata service of
 * a cloud, and everything that is not one host on the public internet. IANA's special-purpose registries of IPv4 and IPv6.
 */
const REFUSED_IPV4 = makeNetworks([
  '0.0.0.0/8',
  '10.0.0.0/8',
  '100.64.0.0/10',
  '127.0.0.0/8',
  '169.254.0.0/16',
  '172.16.0.0/12',
  '192.0.0.0/24',
  '192.0.2.0/24',
  '192.88.99.0/24',
  '192.168.0.0/16',
  '198.18.0.0/15',
  '198.51.100.0/24',
  '203.0.113.0/24',
  '224.0.0.0/3',
]);

/** Hosts of the public internet live here... */
const PUBLIC_IPV6 = makeNetworks(['2000::/3']);
/** ...except in these: some carry an IPv4 address that would be reached behind them. */
const REFUSED_IPV6 = makeNetworks(['2001::/23', '2001:db8::/32', '2002::/16', '3fff::/20']);

/**
 * The one spelling of an address: compressed IPv6, and an IPv4 address that is mapped into IPv6 as what it is. Undefined
 * when it is no address, or one with a zone.
 */
export function plainestAddress(address: string): string | undefined {
  const family = isIP(address);
  if (family === 4) return address;
  if (family === 0 || !URL.canParse(`http://[${address}]`)) return undefined;
  const compressed = new URL(`http://[${address}]`).hostname.slice(1, -1);
  const mapped = /^::ffff:([0-9a-f]{1,4}):([0-9a-f]{1,4})$/.exec(compressed);
  if (!mapped) return compressed;
  const [high, low] = [Number.parseInt(mapped[1] ?? '', 16), Number.parseInt(mapped[2] ?? '', 16)];
  return [high >> 8, high & 255, low >> 8, low & 255].join('.');
}

/** Whether a request for somebody else may go to this address: a public one, or one of the networks that are allowed. */
export function mayBeReached(address: string, allowed: Networks): boolean {
  const plain = plainestAddress(address);
  if (plain === undefined) return false;
  if (allowed.has(plain)) return true;
  if (isIP(plain) === 4) return !REFUSED_IPV4.has(plain);
  return PUBLIC_IPV6.has(plain) && !REFUSED_IPV6.has(plain);
}
