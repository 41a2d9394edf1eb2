import { maskMsisdn } from '../../kernel/index.ts';

/** What of an error may be logged. Never its other fields: HTTP clients hang headers, keys and bodies on them. */
export interface SerializedError {
  type: string;
  message: string;
  code?: string;
  stack?: string;
  cause?: SerializedError;
}

const LONGEST_TEXT = 4_000;
const DEEPEST_CAUSE = 4;
/** Nine to fifteen digits that stand alone: how phone numbers look in the words of drivers and operators. */
const PHONE_NUMBER = /(?<![\w.-])\+?\d{9,15}(?![\w-])/g;
/** The secret part of a callback address, and what follows a word such as `Bearer` or `password=`. */
const CALLBACK_KEY = /(\/(?:ussd|sms|callbacks)\/[\w-]+\/)[^/\s"'?]+/g;
const CREDENTIAL = /\b(bearer|basic|password|passkey|api-?key|token|secret)(["']?\s*[:=]?\s*["']?)[\w+/=.~-]{8,}/gi;

/** Masks what looks like a phone number, a callback key or a credential within free text. */
export function maskText(text: string): string {
  return text
    .slice(0, LONGEST_TEXT)
    .replace(CALLBACK_KEY, '$1[hidden]')
    .replace(CREDENTIAL, '$1$2[hidden]')
    .replace(PHONE_NUMBER, (number) => maskMsisdn(number));
}

export function serializeError(error: unknown, depth = 0): SerializedError {
  if (!(error instanceof Error)) return { type: typeof error, message: maskText(String(error)) };
  const serialized: SerializedError = { type: error.name, message: maskText(error.message) };
  const { code } = error as { code?: unknown };
  if (typeof code === 'string' || typeof code === 'number') serialized.code = String(code);
  if (typeof error.stack === 'string') serialized.stack = maskText(error.stack);
  if (error.cause !== undefined && depth < DEEPEST_CAUSE) serialized.cause = serializeError(error.cause, depth + 1);
  return serialized;
}
