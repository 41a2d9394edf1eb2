import { type DestinationStream, destination, type LogFn, type Logger, pino, stdTimeFunctions } from 'pino';
import { maskMsisdn } from '../../kernel/index.ts';
import { maskText, serializeError } from './serialize-error.ts';

/** The service's log: JSON lines on standard output. */
export type Log = Logger;

export const LOG_LEVELS = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];

const HIDDEN = '[hidden]';
const hide = () => HIDDEN;
const maskPhone = (value: unknown) => (typeof value === 'string' ? maskMsisdn(value) : HIDDEN);
const maskIfPhone = (value: unknown) =>
  typeof value === 'string' && /^\+?\d{7,}$/.test(value) ? maskMsisdn(value) : value;

/** Fields that are masked or hidden under whatever object they are logged, so that a caller cannot forget it. */
const serializers: Record<string, (value: unknown) => unknown> = {};
for (const field of ['msisdn', 'payer', 'dialler', 'phoneNumber']) serializers[field] = maskPhone;
// These hold the ends of a message as often as the ends of a transition.
for (const field of ['from', 'to']) serializers[field] = maskIfPhone;
for (const field of [
  ...['pin', 'password', 'token', 'tokens', 'key', 'keys', 'callbackKey', 'apiKey', 'passkey', 'secret'],
  ...['consumerKey', 'consumerSecret', 'securityCredential', 'dataKey', 'authorization', 'cookie', 'headers', 'config'],
]) {
  serializers[field] = hide;
}
serializers.err = serializeError;
serializers.error = serializeError;

const DEEPEST = 4;

/** pino applies serializers to the outermost fields only; its own redaction of inner ones costs 13 us a line. */
function maskInner(value: unknown, depth: number): unknown {
  if (typeof value === 'bigint') return value.toString();
  if (typeof value !== 'object' || value === null || value instanceof Date) return value;
  if (value instanceof Error) return serializeError(value);
  if (depth > DEEPEST) return '[deep]';
  if (Array.isArray(value)) return value.slice(0, 100).map((item) => maskInner(item, depth + 1));
  const masked: Record<string, unknown> = {};
  for (const [field, inner] of Object.entries(value)) {
    const serializer = Object.hasOwn(serializers, field) ? serializers[field] : undefined;
    masked[field] = serializer ? serializer(inner) : maskInner(inner, depth + 1);
  }
  return masked;
}

function maskFields(fields: Record<string, unknown>): Record<string, unknown> {
  let masked: Record<string, unknown> | undefined;
  for (const field in fields) {
    const value = fields[field];
    if ((typeof value !== 'object' || value === null) && typeof value !== 'bigint') continue;
    if (field === 'err' || field === 'error') continue;
    masked ??= { ...fields };
    masked[field] = maskInner(value, 1);
  }
  return masked ?? fields;
}

/** Without a message pino takes the error's own, unmasked: a number or a key in it would get past the serializer. */
function nameErrors(this: Log, args: Parameters<LogFn>, method: LogFn): void {
  const [first, message]: readonly unknown[] = args;
  if (message === undefined && typeof first === 'object' && first !== null) {
    const error = first instanceof Error ? first : (first as { err?: unknown }).err;
    if (error instanceof Error) {
      method.call(this, first, maskText(error.message));
      return;
    }
  }
  method.apply(this, args);
}

/**
 * Makes the log. Lines are written in batches (a system call a line would cost more than the hop it tells of) and at
 * exit; a process that is killed may lose the last quarter of a second of them.
 */
export function makeLog(level: LogLevel, stream?: DestinationStream): Log {
  return pino(
    {
      level,
      base: null,
      timestamp: stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }), log: maskFields },
      serializers,
      hooks: { logMethod: nameErrors },
    },
    stream ?? destination({ dest: 1, sync: false, minLength: 4096, periodicFlush: 250 }),
  );
}

/** For tests and for code that must not log. */
export const silentLog: Log = pino({ level: 'silent' });
