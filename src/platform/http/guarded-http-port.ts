import { isIP } from 'node:net';
import { DeadlineError, type Runtime, withDeadline } from '../../kernel/index.ts';
import { HttpFault, type HttpPort } from './http-port.ts';
import type { Networks } from './networks.ts';
import { mayBeReached, plainestAddress } from './private-networks.ts';
import type { ResolveHost } from './resolve-host.ts';

/** Why an address that somebody else chose is not called. */
export type AddressRefusal =
  | 'not-an-address'
  /** Plain http to anything but an allowed network. */
  | 'not-https'
  /** A user name or password in the address. */
  | 'credentials'
  /** It leads, or may lead, to a network that is not public and not allowed. */
  | 'private-network'
  | 'unknown-host';

/** The address is not called. */
export class AddressRefusedError extends HttpFault {
  readonly why: AddressRefusal;

  constructor(why: AddressRefusal) {
    super(`the address is refused: ${why}`, 'no');
    this.why = why;
  }
}

export interface GuardedHttpPort extends HttpPort {
  /** Rejects with `AddressRefusedError` when `url` would not be called now. Sends nothing but a question to the DNS. */
  check(url: string): Promise<void>;
}

export interface GuardDeps {
  clock: Runtime['clock'];
  http: HttpPort;
  resolve: ResolveHost;
  /** Networks that may be called though they are not public, also without TLS. */
  allowed: Networks;
}

const RESOLVE_TIMEOUT_MS = 5_000;

/**
 * A port for addresses that others chose (server-side request forgery): https only, no private network, and the connection
 * goes to the very address that was checked, so that a name cannot mean another one a moment later. A name of which one address
 * is refused is refused as a whole. Every spelling of an address (`0x7f.1`, `[::ffff:127.0.0.1]`) is read as the connection would.
 */
export function guardedHttpPort(deps: GuardDeps): GuardedHttpPort {
  return {
    async request(request) {
      const address = await checkedAddress(deps, request.url, Math.min(request.timeoutMs, RESOLVE_TIMEOUT_MS));
      return deps.http.request({ ...request, connectTo: address, connection: 'new' });
    },
    async check(url) {
      await checkedAddress(deps, url, RESOLVE_TIMEOUT_MS);
    },
  };
}

async function checkedAddress(deps: GuardDeps, address: string, timeoutMs: number): Promise<string> {
  if (!URL.canParse(address)) throw new AddressRefusedError('not-an-address');
  const { protocol, hostname, username, password } = new URL(address);
  if (protocol !== 'https:' && protocol !== 'http:') throw new AddressRefusedError('not-https');
  if (username !== '' || password !== '') throw new AddressRefusedError('credentials');
  const addresses = await addressesOf(deps, hostname, timeoutMs);
  if (!addresses.every((one) => mayBeReached(one, deps.allowed))) throw new AddressRefusedError('private-network');
  if (protocol === 'http:' && !addresses.every((one) => deps.allowed.has(one))) {
    throw new AddressRefusedError('not-https');
  }
  return addresses[0] as string;
}

async function addressesOf({ clock, resolve }: GuardDeps, host: string, timeoutMs: number): Promise<readonly string[]> {
  const literal = host.startsWith('[') ? host.slice(1, -1) : host;
  if (isIP(literal) !== 0) return [plainestAddress(literal) ?? literal];
  try {
    const addresses = await withDeadline(clock, timeoutMs, resolve(host));
    if (addresses.length > 0) return addresses;
  } catch (error) {
    if (error instanceof DeadlineError) throw new HttpFault('the name server does not answer', 'no');
  }
  throw new AddressRefusedError('unknown-host');
}
