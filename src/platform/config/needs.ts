import type { Role } from './config.ts';
import type { Environment } from './environment.ts';

/** A setting is missing or wrong. The message is one line that names the variable and never shows its value. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
}

/** Daraja's own sandbox paybill. */
export const DEMO_SHORT_CODE = '174379';

/** Stand-ins with which the simulators run when nothing is set. None of them opens anything real. */
const DEMO: Readonly<Record<string, string>> = {
  CALLBACK_KEY: 'demo',
  AFRICASTALKING_USERNAME: 'sandbox',
  AFRICASTALKING_API_KEY: 'demo-api-key',
  DARAJA_CONSUMER_KEY: 'demo-consumer-key',
  DARAJA_CONSUMER_SECRET: 'demo-consumer-secret',
  DARAJA_SHORT_CODE: DEMO_SHORT_CODE,
  DARAJA_PASSKEY: 'demo-passkey',
  DARAJA_INITIATOR: 'demo-initiator',
  DARAJA_SECURITY_CREDENTIAL: 'demo-security-credential',
};

export const DEMO_DATA_KEY = 'malipo demo data key, not secret';

const LIVE_CREDENTIALS = ['AFRICASTALKING_API_KEY', 'DARAJA_CONSUMER_KEY', 'DARAJA_CONSUMER_SECRET'] as const;

/**
 * Whether the simulators are on; refuses them beside a real credential. `billerKeys` names those of billers that are set: what
 * the simulated operator collects is no money, and must not be booked at a real utility.
 */
export function simulatorsOn(env: Environment, billerKeys: readonly string[]): boolean {
  const live = LIVE_CREDENTIALS.find((name) => env[name] !== undefined) ?? billerKeys[0];
  if (env.ROLE === 'simulator' && env.SIMULATORS === 'off') {
    throw new ConfigError('SIMULATORS is off, but ROLE is simulator');
  }
  const wanted = env.SIMULATORS === 'on' || env.ROLE === 'simulator';
  if (wanted && live) throw new ConfigError(`SIMULATORS cannot be on together with a live credential: ${live} is set`);
  if (env.SIMULATORS !== undefined) return wanted;
  return wanted || (!live && env.NODE_ENV !== 'production' && isLoopback(env.HOST));
}

export function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || /^127\.\d+\.\d+\.\d+$/.test(host);
}

/** Names of variables that hold text. */
export type TextName = {
  [K in keyof Environment]-?: Environment[K] extends string | undefined ? K : never;
}[keyof Environment];

export interface Needs {
  /** The variable; its stand-in with the simulators on; `` when none of `roles` is ours. Missing otherwise: refused. */
  text(name: TextName, roles?: readonly Role[]): string;
}

export function needsOf(env: Environment, simulators: boolean): Needs {
  return {
    text(name, roles) {
      const value = env[name];
      if (value !== undefined) return value;
      if (simulators) return DEMO[name] ?? '';
      if (env.ROLE !== 'all' && roles && !roles.includes(env.ROLE)) return '';
      throw missing(name);
    },
  };
}

export function missing(name: string): ConfigError {
  return new ConfigError(`${name} is required when the simulators are off (SIMULATORS)`);
}
