import type { IncomingMessage } from 'node:http';
import { BlockList, isIP } from 'node:net';
import { invariant } from '../../kernel/index.ts';

/** A set of networks; `has` takes an IPv4 or IPv6 address in any usual spelling. */
export interface Networks {
  readonly isEmpty: boolean;
  has(address: string): boolean;
}

/** `10.0.0.0/8`, `2001:db8::/32`, or a single address. */
export function isCidr(text: string): boolean {
  const [address = '', bits, ...rest] = text.split('/');
  const family = isIP(address);
  if (family === 0 || rest.length > 0) return false;
  return bits === undefined || (/^\d{1,3}$/.test(bits) && Number(bits) <= (family === 4 ? 32 : 128));
}

export function makeNetworks(cidrs: readonly string[]): Networks {
  const list = new BlockList();
  for (const cidr of cidrs) {
    invariant(isCidr(cidr), `not a network: ${cidr}`);
    const [address = '', bits] = cidr.split('/');
    const family = isIP(address) === 4 ? 'ipv4' : 'ipv6';
    list.addSubnet(address, bits === undefined ? (family === 'ipv4' ? 32 : 128) : Number(bits), family);
  }
  return {
    isEmpty: cidrs.length === 0,
    has(address) {
      const plain = plainAddress(address);
      const family = isIP(plain);
      return family !== 0 && list.check(plain, family === 4 ? 'ipv4' : 'ipv6');
    },
  };
}

/** A dual-stack socket tells IPv4 peers as `::ffff:10.0.0.1`. */
function plainAddress(address: string): string {
  return /^::ffff:\d+\.\d+\.\d+\.\d+$/i.test(address) ? address.slice(7) : address;
}

const MOST_PROXIES = 16;

/**
 * The address that a request really came from. `X-Forwarded-For` is believed only as far as trusted proxies wrote it: it is
 * read from the right, and the first address that is not a trusted proxy is the source. Undefined when it cannot be told.
 */
export function sourceAddress(req: IncomingMessage, trustedProxies: Networks): string | undefined {
  const peer = req.socket.remoteAddress;
  if (peer === undefined) return undefined;
  if (trustedProxies.isEmpty || !trustedProxies.has(peer)) return plainAddress(peer);
  const forwarded = req.headers['x-forwarded-for'];
  if (forwarded === undefined) return plainAddress(peer);
  const hops = String(forwarded).split(',').slice(-MOST_PROXIES).reverse();
  for (const hop of hops) {
    const address = withoutPort(hop.trim());
    if (isIP(address) === 0) return undefined;
    if (!trustedProxies.has(address)) return plainAddress(address);
  }
  return plainAddress(withoutPort(hops.at(-1)?.trim() ?? peer));
}

/** Some proxies append the port: `10.0.0.1:4711`, `[2001:db8::1]:4711`. */
function withoutPort(text: string): string {
  const bracketed = /^\[([^\]]+)\](?::\d{1,5})?$/.exec(text);
  if (bracketed?.[1] !== undefined) return bracketed[1];
  const ipv4 = /^(\d+\.\d+\.\d+\.\d+):\d{1,5}$/.exec(text);
  return ipv4?.[1] ?? text;
}
