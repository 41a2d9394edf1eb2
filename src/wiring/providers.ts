import type { BillerCatalogue } from '../domain/billers/index.ts';
import { invariant, type Runtime } from '../kernel/index.ts';
import type { Config } from '../platform/config/index.ts';
import type { HttpPort } from '../platform/http/index.ts';
import type { Log } from '../platform/log/index.ts';
import type { Metrics } from '../platform/metrics/index.ts';
import type { SharedTokens } from '../platform/shared-token/index.ts';
import type { BillerConnector } from '../providers/billers/index.ts';
import { makeRestBiller } from '../providers/billers/rest/index.ts';
import type { MailProvider } from '../providers/mail/index.ts';
import { makeSmtpMail } from '../providers/mail/smtp/index.ts';
import { makeDaraja, makeDarajaPayouts } from '../providers/operators/daraja/index.ts';
import type { CollectionOperator, PayoutOperator } from '../providers/operators/index.ts';
import { makeAfricasTalkingSms } from '../providers/sms/africastalking/index.ts';
import type { SmsProvider } from '../providers/sms/index.ts';

/** One request to an operator, an SMS provider or a biller that books. */
const PROVIDER_TIMEOUT_MS = 20_000;

export interface ProviderParts {
  runtime: Runtime;
  config: Config;
  log: Log;
  metrics: Metrics;
  http: HttpPort;
  tokens: SharedTokens;
  billers: BillerCatalogue;
}

/** The one place that knows which concrete provider stands behind a contract. */
export function makeProviders(parts: ProviderParts): {
  operators: ReadonlyMap<string, CollectionOperator>;
  payoutOperators: ReadonlyMap<string, PayoutOperator>;
  connectors: ReadonlyMap<string, BillerConnector>;
  sms: SmsProvider;
  mail: MailProvider | undefined;
} {
  const daraja = darajaParts(parts);
  const [mpesa, payouts] = [makeDaraja(daraja), makeDarajaPayouts(daraja)];
  return {
    operators: new Map([[mpesa.name, mpesa]]),
    payoutOperators: new Map([[payouts.name, payouts]]),
    connectors: connectors(parts),
    sms: sms(parts),
    mail: mail(parts),
  };
}

const observer =
  ({ metrics }: ProviderParts, provider: string) =>
  (operation: string, outcome: string, durationMs: number) =>
    metrics.providerCall(provider, operation, outcome, durationMs);

function darajaParts(parts: ProviderParts): Parameters<typeof makeDarajaPayouts>[0] {
  const { config, runtime, http, tokens, log } = parts;
  const { url, payouts, payoutsPerSecond: _, ...credentials } = config.daraja;
  return {
    http,
    tokens,
    clock: runtime.clock,
    log,
    observe: observer(parts, 'daraja'),
    config: {
      ...credentials,
      baseUrl: url,
      callbackBaseUrl: `${config.web.publicUrl}/callbacks/daraja/${config.callbacks.darajaKeys[0]}`,
      timeoutMs: PROVIDER_TIMEOUT_MS,
    },
    payouts,
  };
}

function sms(parts: ProviderParts): SmsProvider {
  const { config, runtime, log } = parts;
  const { username, apiKey, smsUrl } = config.africasTalking;
  return makeAfricasTalkingSms({
    clock: runtime.clock,
    log,
    observe: observer(parts, 'africastalking'),
    config: { username, apiKey, timeoutMs: PROVIDER_TIMEOUT_MS, ...(smsUrl ? { smsUrl } : {}) },
  });
}

function mail(parts: ProviderParts): MailProvider | undefined {
  const { url, from } = parts.config.mail;
  if (url === undefined) return undefined;
  return makeSmtpMail({
    clock: parts.runtime.clock,
    observe: observer(parts, 'smtp'),
    config: { url, from, timeoutMs: PROVIDER_TIMEOUT_MS },
  });
}

function connectors(parts: ProviderParts): ReadonlyMap<string, BillerConnector> {
  const { billers, config, runtime, http, log } = parts;
  return new Map(
    billers.all().map((biller) => {
      const access = config.billers[biller.id];
      invariant(access, `${biller.id} has an address`);
      const connector = makeRestBiller({
        http,
        clock: runtime.clock,
        log,
        observe: observer(parts, biller.id),
        baseUrl: access.url,
        apiKey: access.key,
        currency: biller.currency,
        timeZone: biller.timeZone ?? config.business.timeZone,
        timeoutMs: PROVIDER_TIMEOUT_MS,
      });
      return [biller.id, connector];
    }),
  );
}
