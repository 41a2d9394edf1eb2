import type { MailConfig, WebhooksConfig } from './config.ts';
import type { Environment } from './environment.ts';
import { ConfigError } from './needs.ts';

const LOOPBACK = ['127.0.0.0/8', '::1/128'] as const;
const HOUR_MS = 3_600_000;

/** With the simulators on, billers are on this machine: then it may be called. */
export function loadWebhooks(env: Environment, simulators: boolean): WebhooksConfig {
  return {
    allowNetworks: [...(env.WEBHOOK_ALLOW_NETWORKS ?? []), ...(simulators ? LOOPBACK : [])],
    timeoutMs: env.WEBHOOK_TIMEOUT_MS,
    rotationMs: env.WEBHOOK_ROTATION_HOURS * HOUR_MS,
    perEndpoint: env.WEBHOOK_PER_ENDPOINT,
    atOnce: env.WEBHOOK_CONCURRENCY,
  };
}

/** Without an address there is no mail; the simulator has an inbox of its own. */
export function loadMail(env: Environment, simulators: boolean, simulatorUrl: string): MailConfig {
  const { SMTP_URL, MAIL_FROM, SIMULATOR_SMTP_PORT: port } = env;
  const simulated = simulators && port !== 0 ? `smtp://${new URL(simulatorUrl).hostname}:${port}` : undefined;
  if (SMTP_URL !== undefined && MAIL_FROM === undefined) throw new ConfigError('MAIL_FROM is required with SMTP_URL');
  return { url: SMTP_URL ?? simulated, from: MAIL_FROM ?? 'Malipo <malipo@localhost>' };
}
