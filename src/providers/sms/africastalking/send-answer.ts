import { z } from 'zod';
import type { Msisdn } from '../../../kernel/index.ts';
import { shortText, wireCode, wireText } from '../../wire/index.ts';
import type { SmsAnswer } from '../contract.ts';

const Recipient = z.object({
  statusCode: wireCode,
  number: wireText(40).optional().catch(undefined),
  status: wireText(100).optional().catch(undefined),
  cost: wireText(40).optional().catch(undefined),
  messageId: wireText(100).optional().catch(undefined),
});

const Answer = z.object({
  SMSMessageData: z.object({
    Message: wireText(500).optional().catch(undefined),
    Recipients: z.array(Recipient).max(100).optional(),
  }),
});

/** 100 processed, 101 sent, 102 queued. */
const ACCEPTED: ReadonlySet<string> = new Set(['100', '101', '102']);
/** 405 balance, 407 routing, 500 internal, 501 gateway: not sent now, worth sending later. */
const LATER: ReadonlySet<string> = new Set(['405', '407', '500', '501']);
/** 401 risk hold, 402 sender, 403 number, 404 number type, 406 blacklist, 409 do-not-disturb, 502 rejected. */
const REJECTED: ReadonlySet<string> = new Set(['401', '402', '403', '404', '406', '409', '502']);

/**
 * Reads an answer to a message for one number. A success of the request says nothing of the recipient: the code beside the
 * number does, whatever the HTTP status was.
 */
export function readSendAnswer(json: unknown, to: Msisdn): SmsAnswer {
  const read = Answer.safeParse(Array.isArray(json) && json.length === 1 ? json[0] : json);
  if (!read.success) return { kind: 'unknown', description: 'the answer is not one of this wire' };
  const { Message, Recipients = [] } = read.data.SMSMessageData;
  const recipient =
    Recipients.find((one) => one.number === to) ?? (Recipients.length === 1 ? Recipients[0] : undefined);
  if (recipient === undefined) return readMessage(shortText(Message ?? ''));
  const code = recipient.statusCode;
  const description = recipient.status ?? '';
  if (ACCEPTED.has(code)) {
    const messageId = recipient.messageId ?? '';
    if (messageId === '') return { kind: 'unknown', description: 'accepted without a message id' };
    return { kind: 'accepted', messageId, cost: recipient.cost ?? '' };
  }
  if (LATER.has(code)) return { kind: 'later', code, description };
  if (REJECTED.has(code)) return { kind: 'rejected', code, description };
  return { kind: 'unknown', description: `recipient code ${code}` };
}

/** Without a recipient the message names what was wrong with the whole request, such as `InvalidSenderId`. */
function readMessage(message: string): SmsAnswer {
  if (/^insufficient\s?balance/i.test(message)) return { kind: 'later', code: '405', description: message };
  if (/^invalid\s?sender\s?id/i.test(message)) return { kind: 'rejected', code: '402', description: message };
  return { kind: 'unknown', description: message === '' ? 'no recipient in the answer' : message };
}

/** What an HTTP status says when the body names no recipient. Nothing but a 4xx proves that nothing was sent. */
export function readSendStatus(status: number): SmsAnswer {
  const code = `http-${status}`;
  if (status === 400) return { kind: 'rejected', code, description: 'the provider calls the request malformed' };
  if (status > 400 && status < 500 && status !== 408) {
    return { kind: 'later', code, description: 'the provider refuses our requests' };
  }
  return { kind: 'unknown', description: `HTTP ${status} without an answer of this wire` };
}
