import { Webhook } from 'standardwebhooks';
import type { Runtime } from '../../kernel/index.ts';
import {
  jsonReply,
  parseJson,
  problemReply,
  type SimulatorAnswer,
  type SimulatorConfig,
  type SimulatorLog,
  type SimulatorRequest,
  type Timers,
} from '../basis/index.ts';
import { type FaultyParty, type PartyFaults, serveWithFaults } from '../faults/index.ts';

/** One webhook as it arrived. */
export interface ReceivedWebhook {
  biller: string;
  webhookId: string;
  /** Whether the biller's own library, with the secret that it was given, found the signature true. */
  verified: boolean;
  type: string;
  body: unknown;
  /** Epoch ms. */
  at: number;
}

export interface WebhookReceiver {
  /** `POST /billers/<biller>/webhooks`. */
  handle(request: SimulatorRequest, biller: string): Promise<SimulatorAnswer>;
  /** Oldest first. */
  all(): readonly ReceivedWebhook[];
  reset(): void;
}

export interface WebhookReceiverDeps {
  runtime: Runtime;
  timers: Timers;
  log: SimulatorLog;
  config: SimulatorConfig;
  faults: PartyFaults;
}

const MOST_KEPT = 10_000;

/** The billers' side of webhooks, as a biller would write it with the npm package `standardwebhooks`. Repeats are kept too. */
export function makeWebhookReceiver({ runtime, timers, log, config, faults }: WebhookReceiverDeps): WebhookReceiver {
  const received: ReceivedWebhook[] = [];
  const party: FaultyParty = {
    faults,
    timers,
    log,
    busyReply: () => problemReply(429, 'Slow down'),
    http500Reply: () => problemReply(500, 'The receiver has failed'),
  };
  const take = (request: SimulatorRequest, biller: string) => {
    const body = parseJson(request.body);
    if (typeof body !== 'object' || body === null) return problemReply(400, 'The body is not JSON');
    const { type } = body as { type?: unknown };
    const verified = isTrue(request, config.webhookSecret);
    received.push({
      biller,
      webhookId: request.headers['webhook-id'] ?? '',
      verified,
      type: String(type),
      body,
      at: runtime.clock.now(),
    });
    if (received.length > MOST_KEPT) received.shift();
    return verified ? jsonReply(200, { received: true }) : problemReply(401, 'The signature is not true');
  };
  return {
    async handle(request, biller) {
      if (request.method !== 'POST') return problemReply(405, 'Use POST');
      if (faults.drawOccasion('gone')) return problemReply(410, 'Nobody listens here any more');
      return serveWithFaults(party, () => ({ reply: take(request, biller) }));
    },
    all: () => received,
    reset() {
      received.length = 0;
    },
  };
}

function isTrue({ body, headers }: SimulatorRequest, secret: string | undefined): boolean {
  if (secret === undefined) return false;
  try {
    new Webhook(secret).verify(body, { ...headers });
    return true;
  } catch {
    return false;
  }
}
