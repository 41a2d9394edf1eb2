import { createHash } from 'node:crypto';
import type { IncomingAnswer, OutgoingRequest } from '../../../src/platform/http/index.ts';

/** What went over the wires, kept outside the process, so that the checks need not believe it. */
export interface Evidence {
  /** Bodies that we answered with 200, as the inbox names them. */
  taken: { what: string; bodyHash: string }[];
  /** By our reference: what became of each request for a prompt, as the wire told it. */
  prompted: Map<string, string[]>;
  /** By CheckoutRequestID: result codes that the operator told us, by callback or query. */
  said: Map<string, string[]>;
  /** The same, without what reached a process that died before it could answer: that was never ours. */
  heard: Map<string, string[]>;
  /** By our reference: what became of each request to pay a person, as the wire told it. */
  askedToPay: Map<string, string[]>;
  /** By our reference: result codes of payouts that the operator told us. */
  saidOfPayout: Map<string, string[]>;
  /** Requests that we answered with 5xx. */
  failures: string[];
  heardFromParty(request: OutgoingRequest, answer: IncomingAnswer | 'no answer' | 'refused'): void;
  sentToUs(request: OutgoingRequest): void;
  answeredParty(request: OutgoingRequest, answer: IncomingAnswer): void;
}

export function collectEvidence(): Evidence {
  const taken: Evidence['taken'] = [];
  const prompted: Evidence['prompted'] = new Map();
  const said: Evidence['said'] = new Map();
  const heard: Evidence['heard'] = new Map();
  const askedToPay: Evidence['askedToPay'] = new Map();
  const saidOfPayout: Evidence['saidOfPayout'] = new Map();
  const failures: string[] = [];
  const add = (map: Map<string, string[]>, key: string, value: string) => {
    map.set(key, [...(map.get(key) ?? []), value]);
  };
  return {
    taken,
    prompted,
    said,
    heard,
    askedToPay,
    saidOfPayout,
    failures,
    heardFromParty({ url, body }, answer) {
      if (url.endsWith('/stkpush/v1/processrequest')) {
        add(prompted, textOf(body, 'AccountReference'), outcomeOf(answer));
      }
      if (url.endsWith('/b2c/v3/paymentrequest')) {
        add(askedToPay, textOf(body, 'OriginatorConversationID'), outcomeOf(answer));
      }
      if (url.endsWith('/stkpushquery/v1/query') && typeof answer !== 'string') {
        const code = textOf(answer.body, 'ResultCode');
        for (const map of code === '' ? [] : [said, heard]) add(map, textOf(body, 'CheckoutRequestID'), code);
      }
    },
    sentToUs({ url, body }) {
      if (url.includes('/b2c/result/')) {
        const { OriginatorConversationID: id, ResultCode: code } = (readJson(body)?.Result ?? {}) as Record<
          string,
          unknown
        >;
        add(saidOfPayout, String(id), String(code));
      }
      if (!url.includes('/stk/')) return;
      const { id, code } = resultOfPrompt(body);
      add(said, id, code);
    },
    answeredParty({ url, body = '' }, { status, body: answer }) {
      if (status >= 500) failures.push(`${url} ${status} ${answer.slice(0, 100)}`);
      if (status !== 200) return;
      if (url.includes('/stk/')) {
        const { id, code } = resultOfPrompt(body);
        add(heard, id, code);
      }
      const kept = keptBody(url, body);
      if (kept) taken.push(kept);
    },
  };
}

function resultOfPrompt(body: string | undefined): { id: string; code: string } {
  const callback = readJson(body)?.Body as { stkCallback?: Record<string, unknown> } | undefined;
  const { CheckoutRequestID: id, ResultCode: code } = callback?.stkCallback ?? {};
  return { id: String(id), code: String(code) };
}

/** The operator took it on, refused it in its own words, or nobody can say. */
function outcomeOf(answer: IncomingAnswer | 'no answer' | 'refused'): string {
  if (answer === 'refused') return 'not sent';
  if (answer === 'no answer') return 'no answer';
  const code = textOf(answer.body, 'errorCode');
  if (code !== '') return `refused ${code}`;
  return `${textOf(answer.body, 'CheckoutRequestID')}${textOf(answer.body, 'ConversationID')}` === ''
    ? 'unclear'
    : 'taken on';
}

/** As the inbox makes its unique key; undefined for what is not kept. */
function keptBody(url: string, body: string): Evidence['taken'][number] | undefined {
  const [, , , channel = '', provider = '', , kind = '', ...rest] = url.split('/');
  const hashOf = (token: string, text: string) => createHash('sha256').update(`${token}\n${text}`).digest('hex');
  if (channel === 'sms') {
    const fields = JSON.stringify(Object.fromEntries(new URLSearchParams(body)));
    return { what: `${provider} ${kind}`, bodyHash: hashOf('', fields) };
  }
  if (channel !== 'callbacks' || rest[0] === 'validation') return undefined;
  const isAnswer = ['status', 'reversal', 'b2c', 'balance'].includes(kind);
  const token = kind === 'stk' ? (rest[0] ?? '') : isAnswer ? (rest[1] ?? '') : '';
  return { what: `${provider} ${kind}`, bodyHash: hashOf(token, body) };
}

function textOf(body: string | undefined, field: string): string {
  const value = readJson(body)?.[field];
  return typeof value === 'string' || typeof value === 'number' ? String(value) : '';
}

function readJson(body: string | undefined): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(body ?? '');
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}
