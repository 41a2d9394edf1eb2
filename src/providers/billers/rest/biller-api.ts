import type { Clock } from '../../../kernel/index.ts';
import { HttpFault, type HttpPort } from '../../../platform/http/index.ts';
import { elapsedObserver, type ProviderLog, type ProviderObserver, parseJson, shortText } from '../../wire/index.ts';

export interface RestBillerDeps {
  http: HttpPort;
  clock: Clock;
  /** Without a slash at the end. */
  baseUrl: string;
  apiKey: string;
  /** The currency of every account at this biller; an answer in another one is not usable. */
  currency: string;
  /** For one request that books or asks about a booking, milliseconds. */
  timeoutMs: number;
  /** IANA zone in which the biller's due dates end. */
  timeZone?: string;
  log?: ProviderLog;
  observe?: ProviderObserver;
}

/** An HTTP answer with its JSON (undefined when the body is none), or the reason why there is no answer. */
export type BillerReply = { kind: 'answer'; status: number; json: unknown } | { kind: 'none'; description: string };

export interface BillerRequest {
  method: 'GET' | 'PUT' | 'POST';
  path: string;
  body?: unknown;
  timeoutMs: number;
}

/** One request to the biller. `call` names it in metrics and logs. */
export async function callBiller(deps: RestBillerDeps, call: string, request: BillerRequest): Promise<BillerReply> {
  const done = elapsedObserver(deps.clock, deps.observe, call);
  try {
    const answer = await deps.http.request({
      method: request.method,
      url: `${deps.baseUrl}${request.path}`,
      headers: {
        authorization: `Bearer ${deps.apiKey}`,
        accept: 'application/json, application/problem+json',
        ...(request.body !== undefined && { 'content-type': 'application/json' }),
      },
      ...(request.body !== undefined && { body: JSON.stringify(request.body) }),
      timeoutMs: request.timeoutMs,
    });
    done(`http-${Math.floor(answer.status / 100)}xx`);
    if (answer.status === 401 || answer.status === 403) deps.log?.error({ call }, 'biller: our key is refused');
    return { kind: 'answer', status: answer.status, json: parseJson(answer.body) };
  } catch (error) {
    done('no-answer');
    if (!(error instanceof HttpFault)) throw error;
    return { kind: 'none', description: shortText(error.message) };
  }
}

/** Words for staff on an answer that decides nothing. */
export function describeReply(reply: BillerReply): string {
  if (reply.kind === 'none') return reply.description;
  if (reply.json === undefined) return `HTTP ${reply.status} without a JSON body`;
  return `HTTP ${reply.status} with a body that decides nothing`;
}
