import { z } from 'zod';
import { isMsisdn, type Msisdn } from '../../../kernel/index.ts';
import { wireText } from '../../wire/index.ts';
import type { DeliveryReport, IncomingSms, OptOut } from '../contract.ts';

type Form = Readonly<Record<string, string>>;

const phoneNumber = z
  .string()
  .max(24)
  .transform((text) => {
    const trimmed = text.trim();
    return trimmed.startsWith('+') ? trimmed : `+${trimmed}`;
  })
  .refine(isMsisdn)
  .transform((text) => text as Msisdn);

const id = z.string().regex(/^[\x21-\x7e]{1,100}$/);
const filled = (max: number) => wireText(max).pipe(z.string().min(1));

/** Final: Rejected, Success, Failed. The others may still become one of these. */
const STATUSES = new Map<string, Pick<DeliveryReport, 'status' | 'final'>>([
  ['sent', { status: 'sent', final: false }],
  ['submitted', { status: 'sent', final: false }],
  ['buffered', { status: 'buffered', final: false }],
  ['rejected', { status: 'rejected', final: true }],
  ['success', { status: 'delivered', final: true }],
  ['failed', { status: 'failed', final: true }],
  ['absentsubscriber', { status: 'absent', final: false }],
  ['expired', { status: 'expired', final: false }],
]);

/** The documentation's own spelling, and the right one. */
const MISSPELT_REASON = 'NotNetworkSubcriber';

const Report = z.object({
  id,
  status: z
    .string()
    .max(40)
    .transform((text) => STATUSES.get(text.toLowerCase()))
    .refine((known) => known !== undefined),
  phoneNumber,
  failureReason: wireText(60).optional(),
});

export function parseDeliveryReport(form: Form): DeliveryReport | undefined {
  const read = Report.safeParse(form);
  if (!read.success || read.data.status === undefined) return undefined;
  const reason = read.data.failureReason;
  const failureReason = reason === MISSPELT_REASON ? 'NotNetworkSubscriber' : reason;
  return {
    messageId: read.data.id,
    ...read.data.status,
    ...(failureReason !== undefined && failureReason !== '' && { failureReason }),
  };
}

// The date comes in two formats and is not needed: the message is taken when it arrives.
const Incoming = z.object({ id, from: filled(24), to: filled(40), text: wireText(2000) });

export function parseIncoming(form: Form): IncomingSms | undefined {
  const read = Incoming.safeParse(form);
  return read.success ? read.data : undefined;
}

const OptOutNotice = z.object({ senderId: filled(40), phoneNumber });

export function parseOptOut(form: Form): OptOut | undefined {
  const read = OptOutNotice.safeParse(form);
  return read.success ? { from: read.data.phoneNumber, sender: read.data.senderId } : undefined;
}
