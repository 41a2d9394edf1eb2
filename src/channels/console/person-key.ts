import { isMsisdn, type Msisdn } from '../../kernel/index.ts';
import type { Desk } from './visit.ts';

/** The address of a person's page. The number in it is sealed: addresses end up in histories and logs. */
export function personPath({ deps }: Desk, msisdn: Msisdn): string {
  return `/console/people/${Buffer.from(deps.domain.sealing.seal(msisdn)).toString('base64url')}`;
}

/** Undefined for what is no such address. */
export function personOf({ deps }: Desk, key: string): Msisdn | undefined {
  try {
    const text = deps.domain.sealing.open(Buffer.from(key, 'base64url').toString());
    return isMsisdn(text) ? text : undefined;
  } catch {
    return undefined;
  }
}
