import { timingSafeEqual } from 'node:crypto';
import type { Runtime } from '../../kernel/index.ts';
import { jsonReply, type SimulatorConfig, type SimulatorReply, type SimulatorRequest } from '../basis/index.ts';
import { darajaError } from './daraja-replies.ts';

const LIFE_S = 3_599;

export interface Access {
  grant(request: SimulatorRequest): SimulatorReply;
  /** Undefined when the bearer's token is the one in force; else the operator's refusal. */
  refuse(request: SimulatorRequest): SimulatorReply | undefined;
}

/** One token is in force: a new one invalidates the one before it, as at the real operator. */
export function makeAccess(deps: { runtime: Runtime; config: SimulatorConfig['operator'] }): Access {
  const { runtime, config } = deps;
  const { clock, chance, ids } = runtime;
  let current: { token: string; expiresAt: number } | undefined;
  return {
    grant(request) {
      if (request.query.get('grant_type') !== 'client_credentials') {
        return darajaError(ids, 400, '400.008.02', 'Invalid grant type passed');
      }
      const given = /^Basic ([A-Za-z0-9+/=]+)$/i.exec(request.headers.authorization ?? '')?.[1];
      const [key, ...secret] = Buffer.from(given ?? '', 'base64')
        .toString('utf8')
        .split(':');
      if (
        !key ||
        secret.length === 0 ||
        !matches(config.consumerKey, key) ||
        !matches(config.consumerSecret, secret.join(':'))
      ) {
        return darajaError(ids, 400, '400.008.01', 'Invalid Authentication passed');
      }
      current = { token: chance.bytes(21).toString('base64url'), expiresAt: clock.now() + LIFE_S * 1_000 };
      const asText = chance.fraction() < 0.5;
      return jsonReply(200, { access_token: current.token, expires_in: asText ? String(LIFE_S) : LIFE_S });
    },
    refuse(request) {
      const given = /^Bearer (\S+)$/i.exec(request.headers.authorization ?? '')?.[1];
      if (current && given && matches(current.token, given) && clock.now() < current.expiresAt) return undefined;
      return darajaError(ids, 404, '404.001.03', 'Invalid Access Token');
    },
  };
}

function matches(expected: string | undefined, given: string): boolean {
  if (expected === undefined) return true;
  const [one, other] = [Buffer.from(expected), Buffer.from(given)];
  return one.length === other.length && timingSafeEqual(one, other);
}
