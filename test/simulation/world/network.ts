import {
  HttpFault,
  type HttpPort,
  type IncomingAnswer,
  type OutgoingRequest,
} from '../../../src/platform/http/index.ts';
import type { SimulatorAnswer, SimulatorRequest } from '../../../src/simulator/index.ts';
import type { Draw } from './draw.ts';
import { type Life, never } from './life.ts';
import type { NetworkMood, Outage } from './plan.ts';
import type { Trace } from './trace.ts';
import type { VirtualTime } from './virtual-time.ts';

/** A process that takes requests. */
export interface Door {
  life: Life;
  inject(request: OutgoingRequest): Promise<IncomingAnswer>;
}

/** What a provider tells about what it was asked; before the answer reaches us, if ever. */
type Listener = (request: OutgoingRequest, answer: IncomingAnswer | 'no answer' | 'refused') => void;

export interface NetworkDeps {
  time: VirtualTime;
  trace: Trace;
  draw: Draw;
  mood(): NetworkMood;
  /** Counted from the start of the world; those over are past. */
  outages(): readonly Outage[];
  startMs: number;
  /** The process that runs now, once it listens. */
  door(): Door | undefined;
  parties(request: SimulatorRequest): Promise<SimulatorAnswer>;
  heardFromParty: Listener;
  /** Our answer as it left, whether or not it arrived. */
  answeredParty(request: OutgoingRequest, answer: IncomingAnswer): void;
  sentToUs(request: OutgoingRequest): void;
  /** Rewrites what a party answers: a lie. */
  distort(request: OutgoingRequest, answer: IncomingAnswer): IncomingAnswer;
}

export const PARTIES_URL = 'http://parties';
export const GATEWAY_URL = 'http://gateway';

const lost = () => new HttpFault('the connection broke off', 'maybe');

/** From the parties to the process: refused while there is none, cut off when it dies, sometimes twice. */
export function wayIn(deps: NetworkDeps): HttpPort {
  const { time, draw, trace } = deps;
  const travel = () => time.sleep(draw.int(...deps.mood().latencyMs));
  const seen = new Set<string>();
  const deliver = async (request: OutgoingRequest): Promise<IncomingAnswer> => {
    const message = `${request.url} ${request.body}`;
    if (seen.has(message)) trace.count('messages that came again');
    seen.add(message);
    const door = deps.door();
    if (!door) {
      trace.count('requests that found no process');
      throw new HttpFault('connection refused', 'no');
    }
    deps.sentToUs(request);
    const answer = await new Promise<IncomingAnswer>((resolve, reject) => {
      door.life.onEnd(() => reject(lost()));
      door.life.reach(() => void door.inject(request).then(resolve));
    });
    trace.note(`in ${shown(request)} -> ${answer.status} ${firstLine(answer.body)}`);
    deps.answeredParty(request, answer);
    return answer;
  };
  return {
    request(request) {
      const go = async (): Promise<IncomingAnswer> => {
        await travel();
        const { refused, lostAnswer, repeated } = deps.mood();
        if (draw.hits(refused)) throw new HttpFault('connection refused', 'no');
        if (draw.hits(repeated)) {
          trace.count('requests that came twice');
          // Often at the very same moment.
          const againMs = draw.hits(0.5) ? 0 : Math.round(draw.magnitude(1, 3_000));
          time.after(againMs, () => void deliver(request).catch(() => undefined));
        }
        const answer = await deliver(request);
        await travel();
        if (!draw.hits(lostAnswer)) return answer;
        trace.count('answers of ours that were lost');
        throw lost();
      };
      return limited(time, request.timeoutMs, go());
    },
  };
}

/** From one life to the parties: each call can be its last step, before it is sent or after it was answered. */
export function wayOut(deps: NetworkDeps, life: Life): HttpPort {
  const { time, draw, trace } = deps;
  const travel = () => time.sleep(draw.int(...deps.mood().latencyMs));
  const call = async (request: OutgoingRequest): Promise<IncomingAnswer> => {
    const outage = outageOf(deps, request.url);
    if (outage?.kind === 'refused' || draw.hits(deps.mood().refused)) {
      trace.count('calls refused by the network');
      deps.heardFromParty(request, 'refused');
      throw new HttpFault('connection refused', 'no');
    }
    if (outage?.kind === 'silent') {
      trace.count('calls that nobody answered');
      return never();
    }
    await travel();
    const answer = await deps.parties(requestOf(request));
    const fault = faultOf(answer);
    if (fault) trace.count(`providers: ${fault}`);
    if (answer === 'hang-up' || draw.hits(deps.mood().lostAnswer)) {
      trace.count('answers of providers that were lost');
      deps.heardFromParty(request, 'no answer');
      throw lost();
    }
    const told = deps.distort(request, answer);
    deps.heardFromParty(request, told);
    await travel();
    return told;
  };
  return {
    async request(request) {
      const name = shown(request);
      await life.pass(`before call ${name}`);
      trace.count('calls to providers');
      let outcome: { answer: IncomingAnswer } | { fault: unknown };
      try {
        // Without the life's own clock a frozen process would never time out.
        outcome = { answer: await limited(time, request.timeoutMs, call(request)) };
      } catch (fault) {
        outcome = { fault };
      }
      await new Promise<void>((resolve) => life.reach(resolve));
      trace.note(`out ${name} -> ${'answer' in outcome ? told(outcome.answer) : String(outcome.fault)}`);
      await life.pass(`after call ${name}`);
      if ('answer' in outcome) return outcome.answer;
      throw outcome.fault;
    },
  };
}

/** What a party did wrong, as far as its answer shows it. */
function faultOf(answer: SimulatorAnswer): string | undefined {
  if (answer === 'hang-up') return 'hung up';
  if (/^<!DOCTYPE/i.test(answer.body)) return 'answered HTML';
  if (/spike arrest|is busy|"statusCode":50[01]/i.test(answer.body)) return 'were busy';
  if (/unable to lock subscriber/i.test(answer.body)) return 'could not lock the subscriber';
  if (/invalid access token/i.test(answer.body)) return 'refused the token';
  return answer.status >= 500 ? 'answered 5xx' : undefined;
}

function outageOf({ time, startMs, outages }: NetworkDeps, url: string): Outage | undefined {
  const atMs = time.nowMs() - startMs;
  return outages().find(
    ({ party, fromMs, untilMs }) => atMs >= fromMs && atMs < untilMs && url.startsWith(`${PARTIES_URL}/${party}/`),
  );
}

function limited(time: VirtualTime, timeoutMs: number, work: Promise<IncomingAnswer>): Promise<IncomingAnswer> {
  return new Promise((resolve, reject) => {
    const timer = time.after(timeoutMs, () => reject(new HttpFault(`no answer within ${timeoutMs} ms`, 'maybe')));
    work.then(resolve, reject).finally(() => timer.cancel());
  });
}

function requestOf({ method, url, headers, body }: OutgoingRequest): SimulatorRequest {
  const { pathname, searchParams } = new URL(url);
  const lower = Object.entries(headers ?? {}).map(([name, value]) => [name.toLowerCase(), value]);
  return { method, path: pathname, query: searchParams, headers: Object.fromEntries(lower), body: body ?? '' };
}

const told = ({ status, body }: IncomingAnswer) => `${status} ${firstLine(body)}`;

function firstLine(body: string): string {
  return body.replace(/\s+/g, ' ').slice(0, 160);
}

/** What is the same in every request. */
const UNTELLING = /"(Password|Timestamp|BusinessShortCode|TransactionType|Party[AB]|SecurityCredential)":"?[^,"]*"?,/g;

/** Method, path and what tells one request from another; for the timeline. */
function shown({ method, url, body = '' }: OutgoingRequest): string {
  const path = url.replace(PARTIES_URL, '').replace(GATEWAY_URL, '');
  const telling = body.replace(UNTELLING, '').replace(/\s+/g, ' ').slice(0, 500);
  return `${method} ${path} ${telling}`.trim();
}
