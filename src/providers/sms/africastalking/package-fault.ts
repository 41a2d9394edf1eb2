import { z } from 'zod';
import { DeadlineError, type Msisdn } from '../../../kernel/index.ts';
import type { SmsAnswer } from '../contract.ts';
import { readSendAnswer, readSendStatus } from './send-answer.ts';

/** What an axios error may be asked for. Its `config` holds the API key and is never touched. */
const AxiosFault = z.object({
  isAxiosError: z.literal(true),
  code: z.string().max(40).optional().catch(undefined),
  response: z.object({ status: z.number(), data: z.unknown() }).optional().catch(undefined),
});

/** Codes that a connection fails with before it is open: not one byte of the request left. */
const NEVER_SENT: ReadonlySet<string> = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
]);

/**
 * Turns whatever the package rejected with into an answer. Only words of our own and bounded codes go on: the error itself carries the
 * API key in its headers.
 */
export function readPackageFault(fault: unknown, to: Msisdn): SmsAnswer {
  if (fault instanceof DeadlineError) return { kind: 'unknown', description: fault.message };
  const axios = AxiosFault.safeParse(fault);
  if (axios.success) {
    const { response, code } = axios.data;
    if (response) {
      const answer = readSendAnswer(response.data, to);
      return answer.kind === 'unknown' ? readSendStatus(response.status) : answer;
    }
    if (code !== undefined && NEVER_SENT.has(code)) return { kind: 'later', code, description: 'no connection' };
    return { kind: 'unknown', description: `no answer (${code ?? 'no code'})` };
  }
  // Thrown by the package's own validation, before it sends.
  if (fault instanceof Error && /phone number|custom validation|is required/i.test(fault.message)) {
    return { kind: 'rejected', code: 'invalid', description: 'the package refuses the number' };
  }
  // A 2xx other than 201 rejects with its bare body.
  return readSendAnswer(fault, to);
}
