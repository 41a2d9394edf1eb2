import { parseArgs } from 'node:util';
import {
  addEndpoint,
  EVENT_TYPES,
  listAttempts,
  listDeliveries,
  listEndpoints,
  resendDelivery,
  resendSince,
  rotateSecret,
  setEndpointState,
  testEndpoint,
  type WebhookAttempt,
} from '../domain/webhooks/index.ts';
import { Refusal, systemRuntime } from '../kernel/index.ts';
import { makeLog } from '../platform/log/index.ts';
import { readConfig } from '../wiring/read-config.ts';
import { openService } from '../wiring/service.ts';

// `npm run webhooks -- ...`: whom billers have told us to tell, and what became of it.
const USAGE = `Usage: npm run webhooks -- COMMAND
  list [--biller ID]
  add --biller ID --url URL --by NAME [--events ${EVENT_TYPES.biller.join(',')}] [--secret whsec_...]
  rotate ENDPOINT --by NAME [--overlap-hours N] [--secret whsec_...]
  enable | disable ENDPOINT --by NAME --reason TEXT
  test ENDPOINT
  deliveries ENDPOINT [--limit N]
  resend DELIVERY
  resend --endpoint ENDPOINT --since 2026-11-20T00:00:00Z
`;
const HOUR_MS = 3_600_000;
const MOST_LISTED = 500;

class UsageError extends Error {}

const option = { type: 'string' } as const;
const options = {
  biller: option,
  url: option,
  by: option,
  events: option,
  secret: option,
  reason: option,
  endpoint: option,
  since: option,
  limit: option,
  'overlap-hours': option,
};

type Given = Partial<Record<keyof typeof options, string>>;

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}

function need(given: string | undefined): string {
  if (given === undefined || given === '') throw new UsageError();
  return given;
}

function wholeNumber(given: string | undefined, most: number): number | undefined {
  if (given === undefined) return undefined;
  if (!/^\d{1,6}$/.test(given) || Number(given) > most) throw new UsageError();
  return Number(given);
}

const at = (ms: number) => new Date(ms).toISOString();

const describeAttempt = ({ attempt, startedAtMs, status, durationMs, answer }: WebhookAttempt) =>
  `    ${attempt}  ${at(startedAtMs)}  ${status ?? '-'}  ${durationMs ?? '-'} ms  ${
    durationMs === null ? 'no answer was kept' : (answer ?? '').replace(/\s+/g, ' ').slice(0, 120)
  }`;

async function run(command: string | undefined, id: string | undefined, given: Given): Promise<void> {
  const { deps } = service;
  switch (command) {
    case 'list': {
      const owner = given.biller === undefined ? undefined : ({ ownerKind: 'biller', ownerId: given.biller } as const);
      const endpoints = await listEndpoints(deps, owner);
      for (const { id: endpoint, ownerId, state, eventTypes, url, reason } of endpoints) {
        say(`${endpoint}  ${ownerId}  ${state}  ${eventTypes || 'all events'}  ${url}  (${reason})`);
      }
      return say(`${endpoints.length} endpoints`);
    }
    case 'add':
      return add(given);
    case 'rotate': {
      const hours = wholeNumber(given['overlap-hours'], 8_760);
      const { secret, oldEndsAtMs } = await rotateSecret(deps, {
        endpointId: need(id),
        actor: need(given.by),
        ...(hours === undefined ? {} : { overlapMs: hours * HOUR_MS }),
        ...(given.secret === undefined ? {} : { secret: given.secret }),
      });
      say(`New secret, shown this once: ${secret}`);
      return say(`The one before signs beside it until ${at(oldEndsAtMs)}.`);
    }
    case 'enable':
    case 'disable': {
      const to = command === 'enable' ? 'enabled' : 'disabled';
      await setEndpointState(deps, { endpointId: need(id), to, actor: need(given.by), reason: need(given.reason) });
      return say(`${id} is ${to}.`);
    }
    case 'test': {
      const attempt = await testEndpoint(deps, need(id));
      return say(attempt ? describeAttempt(attempt).trim() : 'The service has it in hand: see deliveries.');
    }
    case 'deliveries':
      return deliveries(need(id), wholeNumber(given.limit, MOST_LISTED) ?? 20);
    case 'resend':
      return resend(id, given);
    default:
      throw new UsageError();
  }
}

async function add(given: Given): Promise<void> {
  const { deps } = service;
  const biller = deps.billers.get(need(given.biller));
  const { endpoint, secret } = await addEndpoint(deps, {
    ownerKind: 'biller',
    ownerId: biller.id,
    url: need(given.url),
    actor: need(given.by),
    ...(given.events === undefined ? {} : { eventTypes: given.events.split(',') }),
    ...(given.secret === undefined ? {} : { secret: given.secret }),
  });
  say(`${endpoint.id} is added. Its secret, shown this once: ${secret}`);
}

async function deliveries(endpointId: string, limit: number): Promise<void> {
  const found = await listDeliveries(service.deps, { endpointId, limit });
  const attempts = await listAttempts(
    service.deps,
    found.map(({ id }) => id),
  );
  for (const { id, eventId, eventType, state, dueAtMs, createdAtMs } of found) {
    const next = state === 'waiting' ? `  next ${at(dueAtMs)}` : '';
    say(`${id}  ${at(createdAtMs)}  ${eventType}  webhook-id ${eventId}  ${state}${next}`);
    for (const attempt of attempts) if (attempt.deliveryId === id) say(describeAttempt(attempt));
  }
  say(`${found.length} deliveries`);
}

async function resend(deliveryId: string | undefined, given: Given): Promise<void> {
  if (deliveryId !== undefined) {
    await resendDelivery(service.deps, deliveryId);
    return say(`${deliveryId} will be sent again.`);
  }
  const sinceMs = Date.parse(need(given.since));
  if (Number.isNaN(sinceMs)) throw new UsageError();
  say(`${await resendSince(service.deps, need(given.endpoint), sinceMs)} deliveries will be sent.`);
}

function read() {
  try {
    return parseArgs({ args: process.argv.slice(2), options, allowPositionals: true });
  } catch {
    return undefined;
  }
}

const asked = read();
if (!asked) {
  process.stderr.write(USAGE);
  process.exit(2);
}
const service = await openService(systemRuntime, readConfig(), makeLog('warn'));
try {
  await run(asked.positionals[0], asked.positionals[1], asked.values);
} catch (error) {
  if (error instanceof UsageError) {
    process.stderr.write(USAGE);
    process.exitCode = 2;
  } else if (error instanceof Refusal) {
    const details = Object.entries(error.details).map(([name, value]) => `${name}: ${value}`);
    process.stderr.write(`Refused: ${[error.code, ...details].join(', ')}. Nothing was changed.\n`);
    process.exitCode = 1;
  } else throw error;
} finally {
  await service.close();
}
