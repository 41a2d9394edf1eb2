import { z } from 'zod';
import { type Clock, InvariantError } from '../../../kernel/index.ts';
import { type Connection, HttpFault, type HttpPort, type IncomingAnswer } from '../../../platform/http/index.ts';
import {
  elapsedObserver,
  type ProviderLog,
  type ProviderObserver,
  parseJson,
  shortText,
  wireText,
} from '../../wire/index.ts';
import { type AccessTokens, NoAccessToken } from './access-token.ts';
import type { DarajaConfig } from './config.ts';
import { isTokenRefused } from './result-codes.ts';

/** What came back from one authorised request, before it is read as an answer to anything. */
export type DarajaReply =
  /** HTTP 2xx with a JSON object that is not an error. */
  | { kind: 'answer'; body: unknown }
  /** The operator's error object; it comes with any HTTP status, 200 included. */
  | { kind: 'refused'; code: string; message: string }
  /** Proven that not one byte of the request left. */
  | { kind: 'not-sent'; fault: 'busy' | 'our-fault'; description: string }
  /** Time-out, HTML, a 5xx without a code: no proof of anything. */
  | { kind: 'unclear'; code: string; description: string };

export interface DarajaApi {
  /**
   * `call` names the request in metrics and logs. `connection`: which one is good enough for it.
   * Never throws but for a bug.
   */
  post(call: string, path: string, body: unknown, options?: { connection?: Connection }): Promise<DarajaReply>;
}

export interface DarajaApiDeps {
  http: HttpPort;
  clock: Clock;
  tokens: AccessTokens;
  config: DarajaConfig;
  log?: ProviderLog;
  observe?: ProviderObserver;
}

interface Post {
  path: string;
  body: string;
  connection: Connection;
}

const ErrorAnswer = z.object({
  errorCode: wireText(40).pipe(z.string().min(1)),
  errorMessage: z.union([z.string(), z.number()]).optional().catch(undefined),
});
const Anything = z.looseObject({});

export function makeDarajaApi(deps: DarajaApiDeps): DarajaApi {
  return {
    async post(call, path, body, options) {
      const done = elapsedObserver(deps.clock, deps.observe, call);
      const reply = await postAuthorised(deps, {
        path,
        body: JSON.stringify(body),
        connection: options?.connection ?? 'kept',
      });
      done(reply.kind);
      report(deps.log, call, reply);
      return reply;
    },
  };
}

function report(log: ProviderLog | undefined, call: string, reply: DarajaReply): void {
  if (log === undefined || reply.kind === 'answer') return;
  // The operator's words may name a customer's number: it stays out of the log.
  const reason = ('message' in reply ? reply.message : reply.description).replace(/\d{7,}/g, '***');
  log.warn({ call, reason, ...('code' in reply && { code: reply.code }) }, `daraja: ${reply.kind}`);
}

/**
 * Sends with the shared token; once more with a new one when the gateway refused the first. That is harmless for a payment
 * prompt too: a refused token proves that the request behind it was not looked at.
 */
async function postAuthorised(deps: DarajaApiDeps, post: Post): Promise<DarajaReply> {
  for (const attempt of ['first', 'last']) {
    let token: string;
    try {
      token = await deps.tokens.get();
    } catch (error) {
      return noToken(error);
    }
    const reply = await postOnce(deps, post, token);
    if (reply.kind !== 'refused' || !isTokenRefused(reply.code)) return reply;
    await deps.tokens.forget(token).catch(() => undefined);
    if (attempt === 'last') return reply;
  }
  throw new InvariantError('the last attempt returns');
}

function noToken(error: unknown): DarajaReply {
  if (error instanceof InvariantError) throw error;
  // Whatever else the token store throws, the request itself has not been made yet.
  const fault = error instanceof NoAccessToken ? error.fault : 'busy';
  const description = error instanceof NoAccessToken ? error.message : 'the shared token store is out of reach';
  return { kind: 'not-sent', fault, description };
}

async function postOnce(deps: DarajaApiDeps, post: Post, token: string): Promise<DarajaReply> {
  let answer: IncomingAnswer;
  try {
    answer = await deps.http.request({
      method: 'POST',
      url: `${deps.config.baseUrl}${post.path}`,
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json', accept: 'application/json' },
      body: post.body,
      connection: post.connection,
      timeoutMs: deps.config.timeoutMs,
    });
  } catch (error) {
    if (!(error instanceof HttpFault)) throw error;
    if (error.sent === 'no') return { kind: 'not-sent', fault: 'busy', description: shortText(error.message) };
    return { kind: 'unclear', code: 'no-answer', description: shortText(error.message) };
  }
  return readAnswer(answer);
}

function readAnswer(answer: IncomingAnswer): DarajaReply {
  const json = parseJson(answer.body);
  const refused = ErrorAnswer.safeParse(json);
  if (refused.success) {
    return {
      kind: 'refused',
      code: refused.data.errorCode,
      message: shortText(String(refused.data.errorMessage ?? '')),
    };
  }
  const object = Anything.safeParse(json);
  if (answer.status >= 200 && answer.status < 300 && object.success) return { kind: 'answer', body: object.data };
  return { kind: 'unclear', code: `http-${answer.status}`, description: 'the answer is not one of this wire' };
}
