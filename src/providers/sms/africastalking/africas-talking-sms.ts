import { type Clock, withDeadline } from '../../../kernel/index.ts';
import { elapsedObserver, type ProviderLog, type ProviderObserver } from '../../wire/index.ts';
import type { SmsAnswer, SmsProvider, SmsRequest } from '../contract.ts';
import { parseDeliveryReport, parseIncoming, parseOptOut } from './forms.ts';
import { packageClient } from './package-client.ts';
import { readPackageFault } from './package-fault.ts';
import { readSendAnswer } from './send-answer.ts';

export interface AfricasTalkingSmsDeps {
  clock: Clock;
  config: {
    username: string;
    apiKey: string;
    /** Only for the simulator; else the package's own address. */
    smsUrl?: string;
    /** The package itself waits for ever. */
    timeoutMs: number;
  };
  log?: ProviderLog;
  observe?: ProviderObserver;
}

/** Africa's Talking SMS through the `africastalking` package. */
export function makeAfricasTalkingSms(deps: AfricasTalkingSmsDeps): SmsProvider {
  const client = packageClient(deps.config);
  return {
    name: 'africastalking',
    async send(request) {
      const done = elapsedObserver(deps.clock, deps.observe, 'sms');
      const answer = await send(deps, client, request);
      done(answer.kind);
      reportSendAnswer(deps.log, answer);
      return answer;
    },
    parseDeliveryReport,
    parseIncoming,
    parseOptOut,
  };
}

async function send(
  { clock, config }: AfricasTalkingSmsDeps,
  client: ReturnType<typeof packageClient>,
  request: SmsRequest,
): Promise<SmsAnswer> {
  try {
    return readSendAnswer(await withDeadline(clock, config.timeoutMs, client.send(request)), request.to);
  } catch (fault) {
    return readPackageFault(fault, request.to);
  }
}

export function reportSendAnswer(log: ProviderLog | undefined, answer: SmsAnswer): void {
  if (answer.kind === 'accepted') return;
  const reason = answer.description.replace(/\d{7,}/g, '***');
  log?.warn({ reason, ...('code' in answer && { code: answer.code }) }, `sms: ${answer.kind}`);
}
