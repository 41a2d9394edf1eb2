import type { Clock } from '../../../kernel/index.ts';
import { HttpFault, type HttpPort } from '../../../platform/http/index.ts';
import { elapsedObserver, type ProviderLog, type ProviderObserver, parseJson, shortText } from '../../wire/index.ts';
import type { SmsAnswer, SmsProvider, SmsRequest } from '../contract.ts';
import { reportSendAnswer } from './africas-talking-sms.ts';
import { parseDeliveryReport, parseIncoming, parseOptOut } from './forms.ts';
import { readSendAnswer, readSendStatus } from './send-answer.ts';

export interface HttpSmsDeps {
  http: HttpPort;
  clock: Clock;
  config: { username: string; apiKey: string; smsUrl: string; timeoutMs: number };
  log?: ProviderLog;
  observe?: ProviderObserver;
}

/** The same wire as the package speaks, over our own port: for runs in which nothing may leave the process. */
export function makeHttpSms(deps: HttpSmsDeps): SmsProvider {
  return {
    name: 'africastalking',
    async send(request) {
      const done = elapsedObserver(deps.clock, deps.observe, 'sms');
      const answer = await send(deps, request);
      done(answer.kind);
      reportSendAnswer(deps.log, answer);
      return answer;
    },
    parseDeliveryReport,
    parseIncoming,
    parseOptOut,
  };
}

async function send({ http, config }: HttpSmsDeps, request: SmsRequest): Promise<SmsAnswer> {
  const form = new URLSearchParams({
    username: config.username,
    to: request.to,
    message: request.text,
    bulkSMSMode: '1',
  });
  if (request.sender !== undefined) form.set('from', request.sender);
  try {
    const answer = await http.request({
      method: 'POST',
      url: config.smsUrl,
      headers: {
        apikey: config.apiKey,
        accept: 'application/json',
        'content-type': 'application/x-www-form-urlencoded',
      },
      body: form.toString(),
      timeoutMs: config.timeoutMs,
      connection: 'new',
    });
    const read = readSendAnswer(parseJson(answer.body), request.to);
    return read.kind === 'unknown' && answer.status !== 201 ? readSendStatus(answer.status) : read;
  } catch (error) {
    if (!(error instanceof HttpFault)) throw error;
    if (error.sent === 'no') return { kind: 'later', code: 'not-sent', description: shortText(error.message) };
    return { kind: 'unknown', description: shortText(error.message) };
  }
}
