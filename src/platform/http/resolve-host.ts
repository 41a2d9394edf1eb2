import { Resolver } from 'node:dns/promises';

/** The addresses of a host name, at least one. Rejects when it has none. */
export type ResolveHost = (name: string) => Promise<readonly string[]>;

const TIMEOUT_MS = 2_000;
const TRIES = 2;
const MOST_ADDRESSES = 32;

/**
 * Asks the DNS servers of this machine, without its threads: a name server that answers slowly then delays nothing else.
 * `servers` instead of the machine's own: `127.0.0.1:5353`.
 */
export function dnsResolver(servers?: readonly string[]): ResolveHost {
  const resolver = new Resolver({ timeout: TIMEOUT_MS, tries: TRIES });
  if (servers) resolver.setServers(servers);
  return async (name) => {
    // A name of this machine itself, which no server needs to know (RFC 6761).
    if (/(^|\.)localhost\.?$/i.test(name)) return ['127.0.0.1'];
    const [ipv4, ipv6] = await Promise.allSettled([resolver.resolve4(name), resolver.resolve6(name)]);
    const addresses = [ipv4, ipv6].flatMap((answer) => (answer.status === 'fulfilled' ? answer.value : []));
    if (addresses.length > 0) return addresses.slice(0, MOST_ADDRESSES);
    throw ipv4.status === 'rejected' ? ipv4.reason : new Error('the name has no address');
  };
}
