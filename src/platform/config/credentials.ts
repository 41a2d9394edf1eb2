import type { AfricasTalkingConfig, BillerConfig, Config, DarajaConfig, Role } from './config.ts';
import { billerVariables, type Environment } from './environment.ts';
import { ConfigError, missing, type Needs } from './needs.ts';

const LIVE_DARAJA_URL = 'https://api.safaricom.co.ke';

/** Only the worker sends messages and asks for money; the web role answers callbacks and looks accounts up. */
const WORKER: readonly Role[] = ['worker'];

export function loadAfricasTalking(
  env: Environment,
  needs: Needs,
  simulators: boolean,
  simulatorUrl: string,
): AfricasTalkingConfig {
  const simulated = simulators ? `${simulatorUrl}/africastalking/version1/messaging` : undefined;
  return {
    username: needs.text('AFRICASTALKING_USERNAME', WORKER),
    apiKey: needs.text('AFRICASTALKING_API_KEY', WORKER),
    senderReceipts: env.AFRICASTALKING_SENDER_RECEIPTS,
    senderReminders: env.AFRICASTALKING_SENDER_REMINDERS,
    smsUrl: env.AFRICASTALKING_SMS_URL ?? simulated,
  };
}

export function loadDaraja(env: Environment, needs: Needs, simulators: boolean, simulatorUrl: string): DarajaConfig {
  const url = env.DARAJA_URL ?? (simulators ? `${simulatorUrl}/daraja` : LIVE_DARAJA_URL);
  const config = {
    url,
    consumerKey: needs.text('DARAJA_CONSUMER_KEY', WORKER),
    consumerSecret: needs.text('DARAJA_CONSUMER_SECRET', WORKER),
    shortCode: needs.text('DARAJA_SHORT_CODE'),
    passkey: needs.text('DARAJA_PASSKEY', WORKER),
    initiator: needs.text('DARAJA_INITIATOR', WORKER),
    securityCredential: needs.text('DARAJA_SECURITY_CREDENTIAL', WORKER),
  };
  if (url === LIVE_DARAJA_URL && !env.PUBLIC_URL?.startsWith('https://')) {
    throw new ConfigError('PUBLIC_URL must be the https:// address at which the operator reaches this gateway');
  }
  return config;
}

export function loadBillers(
  env: Readonly<Record<string, string | undefined>>,
  billerIds: readonly string[],
  role: Role,
  simulatorUrl: string | undefined,
): Config['billers'] {
  return Object.fromEntries(
    billerIds.map((id): [string, BillerConfig] => {
      const variables = billerVariables(id);
      const needed = (name: string, simulated: string): string => {
        const value = env[name] ?? (simulatorUrl === undefined ? undefined : simulated);
        if (value === undefined && role !== 'simulator') throw missing(name);
        return value ?? '';
      };
      const url = needed(variables.url, `${simulatorUrl}/billers/${id}`);
      const reportKey = env[variables.reportKey] ?? (simulatorUrl === undefined ? undefined : `demo-report-${id}`);
      return [id, { url, key: needed(variables.key, `demo-${id}`), reportKey }];
    }),
  );
}
