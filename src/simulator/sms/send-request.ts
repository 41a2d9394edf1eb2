import { z } from 'zod';
import { parseJson, type SimulatorRequest } from '../basis/index.ts';

const message = z.string().min(1).max(2_000);

const Form = z.object({
  username: z.string().min(1).max(100),
  /** Numbers, separated by commas. */
  to: z.string().min(1).max(20_000),
  message,
  from: z.string().max(20).optional(),
});

const Bulk = z.object({
  username: z.string().min(1).max(100),
  message,
  senderId: z.string().max(20).optional(),
  phoneNumbers: z.array(z.string().max(24)).min(1).max(1_000),
});

export interface SendRequest {
  numbers: string[];
  text: string;
  sender: string;
}

/** Without a sender of his own the customer sees the provider's. */
const SHARED_SENDER = 'AFRICASTKNG';

/** Reads either spelling of the wire: a form, or JSON at `/bulk`. Text: what is wrong with it, as the provider says it. */
export function readSendRequest(request: SimulatorRequest, bulk: boolean): SendRequest | string {
  if (bulk) {
    const read = Bulk.safeParse(parseJson(request.body));
    if (!read.success) return `Request is missing required field: ${String(read.error.issues[0]?.path[0] ?? 'body')}`;
    const { phoneNumbers, message: text, senderId } = read.data;
    return { numbers: phoneNumbers, text, sender: senderId || SHARED_SENDER };
  }
  const read = Form.safeParse(Object.fromEntries(new URLSearchParams(request.body)));
  if (!read.success) return `Request is missing required form field '${String(read.error.issues[0]?.path[0] ?? 'to')}'`;
  const { to, message: text, from } = read.data;
  return { numbers: to.split(',').map((number) => number.trim()), text, sender: from || SHARED_SENDER };
}
