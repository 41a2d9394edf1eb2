import { countSmsSegments, type Runtime } from '../../kernel/index.ts';
import type { HttpPort } from '../../platform/http/index.ts';
import {
  jsonReply,
  readPhoneNumber,
  type SimulatorAnswer,
  type SimulatorConfig,
  type SimulatorLog,
  type SimulatorReply,
  type SimulatorRequest,
  type Timers,
} from '../basis/index.ts';
import { type FaultyParty, type PartyFaults, type Served, sendCallback, serveWithFaults } from '../faults/index.ts';
import type { HandsetDesk } from '../handset/index.ts';
import type { BookRecord, Journal } from '../journal/index.ts';
import { type Inboxes, type Message, makeInboxes } from './inboxes.ts';
import { readSendRequest, type SendRequest } from './send-request.ts';

export interface SmsDeps {
  runtime: Runtime;
  timers: Timers;
  http: HttpPort;
  log: SimulatorLog;
  config: SimulatorConfig;
  faults: PartyFaults;
  journal: () => Journal;
  desk: HandsetDesk;
}

/** The fake of Africa's Talking's SMS side. Paths are those below `/africastalking`. */
export interface SmsParty {
  handle(request: SimulatorRequest): Promise<SimulatorAnswer>;
  readonly inboxes: Inboxes;
  /** A customer writes to a short code: posted to the gateway's `/incoming`. */
  writeIn(input: { from: string; to: string; text: string }): Promise<void>;
  /** A customer blocks a sender name; the gateway is told at `/opt-out`. */
  optOut(input: { msisdn: string; sender: string }): Promise<void>;
  restore(record: BookRecord): void;
  reset(): void;
}

interface Recipient {
  statusCode: number;
  number: string;
  status: string;
  cost: string;
  messageId: string;
}

const REFUSALS: Readonly<Record<number, string>> = {
  403: 'InvalidPhoneNumber',
  406: 'UserInBlacklist',
  500: 'InternalServerError',
  501: 'GatewayError',
};
const FORM = 'application/x-www-form-urlencoded';

export function makeSmsParty(deps: SmsDeps): SmsParty {
  const inboxes = makeInboxes();
  return {
    inboxes,
    handle(request) {
      const bulk = request.path.endsWith('/bulk');
      const party = faultyParty(deps, request, bulk);
      return serveWithFaults(party, () => serve(deps, inboxes, request, bulk));
    },
    writeIn: ({ from, to, text }) => {
      const id = deps.runtime.ids.next();
      const date = new Date(deps.runtime.clock.now()).toISOString().slice(0, 19).replace('T', ' ');
      return post(deps, 'incoming', { date, from, id, text, to, networkCode: networkOf(from) });
    },
    async optOut({ msisdn, sender }) {
      inboxes.block(msisdn, sender, true);
      await deps.journal().append({ book: 'blocked-sender', msisdn, sender, blocked: true });
      await post(deps, 'opt-out', { senderId: sender, phoneNumber: msisdn });
    },
    restore: inboxes.restore,
    reset: inboxes.clear,
  };
}

const SEND_PATH = /^\/version1\/messaging(\/bulk)?$/;

async function serve(deps: SmsDeps, inboxes: Inboxes, request: SimulatorRequest, bulk: boolean): Promise<Served> {
  if (request.method !== 'POST' || !SEND_PATH.test(request.path)) return { reply: text(404, 'Not Found') };
  const key = request.headers.apikey;
  if (!key || (deps.config.smsApiKey !== undefined && key !== deps.config.smsApiKey)) {
    return { reply: text(401, 'The supplied authentication is invalid') };
  }
  const send = readSendRequest(request, bulk);
  if (typeof send === 'string') return { reply: text(400, send) };
  const accepted: Message[] = [];
  const recipients: Recipient[] = [];
  for (const number of send.numbers) recipients.push(await take(deps, inboxes, send, number, accepted));
  return { reply: sentReply(recipients), follow: (early) => deliverAll(deps, accepted, early) };
}

/** One recipient: a code of its own, also within an answer that is a success as a whole. */
async function take(
  deps: SmsDeps,
  inboxes: Inboxes,
  { text: body, sender }: SendRequest,
  number: string,
  accepted: Message[],
): Promise<Recipient> {
  const to = readPhoneNumber(number);
  if (!to) return refused(number, 403);
  if (inboxes.blocks(to, sender)) return refused(to, 406);
  const messageId = `ATXid_${deps.runtime.chance.bytes(16).toString('hex')}`;
  const message: Message = { messageId, to, from: sender, text: body, at: deps.runtime.clock.now() };
  inboxes.add(message);
  await deps.journal().append({ book: 'message', ...message });
  accepted.push(message);
  const { from, at } = message;
  deps.desk.emit(to, { type: 'message', message: { id: messageId, from, text: body, at } });
  const cost = ((countSmsSegments(body).segments * 8) / 10).toFixed(4);
  return { statusCode: 101, number: to, status: 'Success', cost: `KES ${cost}`, messageId };
}

function refused(number: string, statusCode: number): Recipient {
  return { statusCode, number, status: REFUSALS[statusCode] ?? 'Rejected', cost: '0', messageId: 'None' };
}

function sentReply(recipients: Recipient[]): SimulatorReply {
  const sent = recipients.filter(({ statusCode }) => statusCode < 400);
  const cost = sent.reduce((sum, recipient) => sum + Number(recipient.cost.slice(4)), 0).toFixed(4);
  const Message = `Sent to ${sent.length}/${recipients.length} Total Cost: KES ${cost}`;
  return jsonReply(201, { SMSMessageData: { Message, Recipients: recipients } });
}

async function deliverAll(deps: SmsDeps, messages: readonly Message[], early: boolean): Promise<void> {
  if (!early && !(await deps.timers.sleep(deps.config.deliveryReportAfterMs))) return;
  await Promise.all(
    messages.map(({ messageId, to }) =>
      post(deps, 'delivery', {
        id: messageId,
        status: 'Success',
        phoneNumber: to,
        networkCode: networkOf(to),
        retryCount: '0',
      }),
    ),
  );
}

function post(deps: SmsDeps, what: 'delivery' | 'incoming' | 'opt-out', form: Record<string, string>): Promise<void> {
  const url = `${deps.config.gatewayUrl}/sms/africastalking/${deps.config.africastalkingKey}/${what}`;
  return sendCallback(deps, { url, contentType: FORM, body: new URLSearchParams(form).toString(), what });
}

/** By the number's own range, as far as it matters here. */
function networkOf(msisdn: string): string {
  if (/^\+254(73|78|10)/.test(msisdn)) return '63903';
  if (/^\+25477/.test(msisdn)) return '63907';
  return '63902';
}

function faultyParty({ faults, timers, log }: SmsDeps, request: SimulatorRequest, bulk: boolean): FaultyParty {
  return {
    faults,
    timers,
    log,
    http500Reply: () => text(500, 'Internal Server Error'),
    busyReply(disguised) {
      const send = readSendRequest(request, bulk);
      const numbers = typeof send === 'string' ? [] : send.numbers;
      return sentReply(numbers.map((number) => refused(number, disguised ? 501 : 500)));
    },
  };
}

function text(status: number, body: string): SimulatorReply {
  return { status, headers: { 'content-type': 'text/plain; charset=utf-8' }, body };
}
