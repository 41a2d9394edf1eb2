import { z } from 'zod';
import { invariant, isMsisdn, type Msisdn } from '../../../kernel/index.ts';
import type { UssdGateway, UssdHop, UssdReply, UssdSessionEnd } from '../contract.ts';
import { networkOf } from './network-codes.ts';
import { shortCodeStem, splitDialled } from './service-code.ts';

const GATEWAY = 'africastalking';

/** An unencoded plus of the form arrives as a space; some captures have no plus at all. */
const phoneNumber = z
  .string()
  .max(24)
  .transform((text, context): Msisdn => {
    const trimmed = text.trim();
    const number = trimmed.startsWith('+') ? trimmed : `+${trimmed}`;
    if (isMsisdn(number)) return number;
    context.addIssue({ code: 'custom', message: 'not a phone number' });
    return z.NEVER;
  });

const sessionId = z.string().regex(/^[\x21-\x7e]{1,128}$/);
const serviceCode = z.string().regex(/^\*[0-9*]{1,180}#?$/);
const networkCode = z.string().max(16);

const Hop = z.object({
  sessionId,
  phoneNumber,
  networkCode,
  serviceCode,
  text: z.string().max(2000),
});

// `input` and `lastAppResponse` of the notification can hold a PIN: they are not even read.
const SessionEnd = z.object({
  sessionId,
  phoneNumber,
  status: z
    .string()
    .max(20)
    .transform((text) => text.toLowerCase())
    .pipe(z.enum(['success', 'incomplete', 'failed'])),
});

/**
 * Africa's Talking's USSD wire: all inputs so far in one field, joined by `*`, without escaping. `shortCodes` are ours, as dialled
 * (`*384*123#`).
 */
export function makeAfricasTalkingUssd(deps: { shortCodes: readonly string[] }): UssdGateway {
  const stems = deps.shortCodes.map(shortCodeStem).sort((one, other) => other.length - one.length);
  for (const stem of stems) invariant(/^\*\d+(\*\d+)*$/.test(stem), 'a short code that cannot be dialled');
  return {
    name: GATEWAY,
    parseHop: (form) => parseHop(form, stems),
    parseSessionEnd,
    renderReply,
  };
}

function parseHop(form: Readonly<Record<string, string>>, stems: readonly string[]): UssdHop | undefined {
  const read = Hop.safeParse(form);
  if (!read.success) return undefined;
  const split = splitDialled(read.data.serviceCode, stems);
  return {
    gateway: GATEWAY,
    sessionId: read.data.sessionId,
    msisdn: read.data.phoneNumber,
    network: networkOf(read.data.networkCode),
    serviceCode: split.serviceCode,
    input: { kind: 'cumulative', text: plainText(read.data.text), dialled: split.dialled },
  };
}

/** One space for each control character: stores refuse them, and the length of the prefix, by which inputs are told apart, stays. */
function plainText(text: string): string {
  return CONTROL.test(text) ? text.replace(/\p{Cc}/gu, ' ') : text;
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what it looks for
const CONTROL = /[\u0000-\u001f\u007f-\u009f]/;

function parseSessionEnd(form: Readonly<Record<string, string>>): UssdSessionEnd | undefined {
  const read = SessionEnd.safeParse(form);
  if (!read.success) return undefined;
  return {
    gateway: GATEWAY,
    sessionId: read.data.sessionId,
    msisdn: read.data.phoneNumber,
    status: read.data.status,
  };
}

/** The gateway ends the session on anything in front of `CON ` or `END `. */
function renderReply({ kind, text }: UssdReply): { contentType: string; body: string } {
  return { contentType: 'text/plain; charset=utf-8', body: `${kind === 'continue' ? 'CON' : 'END'} ${text}` };
}
