import type { IncomingMessage, ServerResponse } from 'node:http';
import { problemReply, readPhoneNumber, type Timers } from '../basis/index.ts';
import type { SimulatorCore } from '../core.ts';

/** A page that lost its line shows so after three of these. */
const HEARTBEAT_MS = 15_000;
const MOST_STREAMS = 200;

/** `GET /handset/api/events?msisdn=`: the state first, then every event of that number, as server-sent events. */
export function streamEvents(
  { core, timers }: { core: SimulatorCore; timers: Timers },
  query: URLSearchParams,
  request: IncomingMessage,
  response: ServerResponse,
): void {
  const msisdn = readPhoneNumber(query.get('msisdn') ?? '');
  const refusal = !msisdn
    ? problemReply(422, 'msisdn is not a phone number')
    : core.desk.watchers() >= MOST_STREAMS
      ? problemReply(503, 'Too many handsets are open')
      : undefined;
  if (!msisdn || refusal) {
    response.writeHead(refusal?.status ?? 422, refusal?.headers).end(refusal?.body);
    return;
  }
  response.writeHead(200, { 'content-type': 'text/event-stream; charset=utf-8', 'cache-control': 'no-store' });
  const send = (event: unknown) => response.write(`data: ${JSON.stringify(event)}\n\n`);
  send(core.handsetLine.state(msisdn));
  const unwatch = core.handsetLine.watch(msisdn, send);
  let beat = timers.set(HEARTBEAT_MS, heartbeat);
  function heartbeat() {
    response.write(': here\n\n');
    beat = timers.set(HEARTBEAT_MS, heartbeat);
  }
  request.on('close', () => {
    unwatch();
    beat.cancel();
  });
}
