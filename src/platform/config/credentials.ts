import type { AfricasTalkingConfig, BillerConfig, Config, DarajaConfig, DarajaPayoutConfig, Role } from './config.ts';
import { billerVariables, type Environment } from './environment.ts';
import { ConfigError, DEMO_SHORT_CODE, missing, type Needs } from './needs.ts';

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
    payouts: loadPayouts(env, simulators),
    payoutsPerSecond: env.DARAJA_B2C_PER_SECOND,
  };
  if (url === LIVE_DARAJA_URL && !env.PUBLIC_URL?.startsWith('https://')) {
    throw new ConfigError('PUBLIC_URL must be the https:// address at which the operator reaches this gateway');
  }
  return config;
}

/** All of them or none. With the simulators on, the paybill itself pays: one account may do both. */
function loadPayouts(env: Environment, simulators: boolean): DarajaPayoutConfig | undefined {
  const given = {
    DARAJA_B2C_SHORT_CODE: env.DARAJA_B2C_SHORT_CODE,
    DARAJA_B2C_INITIATOR: env.DARAJA_B2C_INITIATOR,
    DARAJA_B2C_SECURITY_CREDENTIAL: env.DARAJA_B2C_SECURITY_CREDENTIAL,
  };
  const [lacking] = Object.entries(given).find(([, value]) => value === undefined) ?? [];
  if (lacking === undefined) {
    return {
      shortCode: given.DARAJA_B2C_SHORT_CODE as string,
      initiator: given.DARAJA_B2C_INITIATOR as string,
      securityCredential: given.DARAJA_B2C_SECURITY_CREDENTIAL as string,
    };
  }
  const isAny = Object.values(given).some((value) => value !== undefined);
  if (isAny) throw new ConfigError(`${lacking} is required with the other DARAJA_B2C variables`);
  if (!simulators) return undefined;
  const shortCode = env.DARAJA_SHORT_CODE ?? DEMO_SHORT_CODE;
  return { shortCode, initiator: 'demo-initiator', securityCredential: 'demo-security-credential' };
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
