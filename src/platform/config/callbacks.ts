import type { CallbacksConfig } from './config.ts';
import type { Environment } from './environment.ts';
import { ConfigError, type Needs } from './needs.ts';

const SHORTEST_LIVE_KEY = 16;

type Party = 'AFRICASTALKING' | 'DARAJA';

/** Each party may have keys and networks of its own; what is not set falls back to the common ones. */
export function loadCallbacks(env: Environment, needs: Needs, simulators: boolean): CallbacksConfig {
  const keysOf = (party: Party): [string, ...string[]] => {
    const own = `${party}_CALLBACK_KEY` as const;
    const ownPrevious = `${party}_CALLBACK_KEY_PREVIOUS` as const;
    const name = env[own] === undefined ? 'CALLBACK_KEY' : own;
    const previousName = env[ownPrevious] === undefined ? 'CALLBACK_KEY_PREVIOUS' : ownPrevious;
    const current = needs.text(name);
    const previous = env[previousName];
    if (!simulators) {
      refuseShort(name, current);
      if (previous !== undefined) refuseShort(previousName, previous);
    }
    return previous === undefined ? [current] : [current, previous];
  };
  const networksOf = (party: Party) => env[`${party}_CALLBACK_NETWORKS`] ?? env.CALLBACK_NETWORKS ?? [];
  return {
    africasTalkingKeys: keysOf('AFRICASTALKING'),
    africasTalkingNetworks: networksOf('AFRICASTALKING'),
    darajaKeys: keysOf('DARAJA'),
    darajaNetworks: networksOf('DARAJA'),
  };
}

function refuseShort(name: string, key: string): void {
  if (key.length < SHORTEST_LIVE_KEY) {
    throw new ConfigError(`${name} must be at least ${SHORTEST_LIVE_KEY} characters when the simulators are off`);
  }
}
