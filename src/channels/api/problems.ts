import { formatDecimal, type Money, Refusal } from '../../kernel/index.ts';
import { HttpError } from '../../platform/http/index.ts';
import { PROBLEMS, type ProblemKind } from './problem-kinds.ts';

const BY_STATUS: Readonly<Record<number, string>> = {
  400: 'request.malformed',
  404: 'request.not-found',
  413: 'request.too-large',
  415: 'request.not-json',
};

/** Refusals of the domain that say what another problem says. */
const SAME_AS: Readonly<Record<string, string>> = {
  'webhook.endpoint-unknown': 'request.not-found',
  'webhook.delivery-unknown': 'request.not-found',
  'batch.not-found': 'request.not-found',
  'claim.not-found': 'request.not-found',
  'schedule.not-found': 'request.not-found',
  'quotation.not-found': 'request.not-found',
  'funding.not-found': 'request.not-found',
};

const RETRY_AFTER_S = 2;

export interface ProblemAnswer {
  status: number;
  headers: Readonly<Record<string, string>>;
  /** `application/problem+json` (RFC 9457). */
  body: string;
}

/** Where a problem is explained. */
export const problemAnchor = (code: string): string => `problem-${code.replaceAll('.', '-')}`;

/** What an error is answered with. Whatever is no refusal and not the sender's fault is `service.failed`. */
export function problemOf(error: unknown, publicUrl: string): ProblemAnswer {
  const { code, given, details, detail } = read(error);
  const { status, title, about } = PROBLEMS[code] as ProblemKind;
  const { errors, retryAfterS = RETRY_AFTER_S, allow, ...values } = details as ProblemDetails;
  const named = plain(values);
  return {
    status,
    headers: {
      ...(status === 401 ? { 'WWW-Authenticate': 'Bearer realm="malipo"' } : {}),
      ...(status === 405 ? { Allow: String(allow) } : {}),
      ...(status === 429 || code === 'request.under-way' ? { 'Retry-After': String(retryAfterS) } : {}),
    },
    body: JSON.stringify({
      type: `${publicUrl}/docs#${problemAnchor(code)}`,
      ...{ title, status, detail: detail ?? about, code: given },
      ...(errors ? { errors } : {}),
      ...(Object.keys(named).length > 0 ? { details: named } : {}),
    }),
  };
}

/** As it is answered, for the document. */
export function problemExample(code: string, details: Readonly<Record<string, unknown>> = {}): unknown {
  return JSON.parse(problemOf(new Refusal(code, details), 'https://malipo.example').body);
}

interface ProblemDetails {
  errors?: readonly FieldFault[];
  retryAfterS?: number;
  allow?: string;
}

/** What is wrong in one place of a request. */
export interface FieldFault {
  detail: string;
  /** JSON Pointer within the body, as a fragment: `#/rows/3/amount`. */
  pointer?: string;
  /** Of the address. */
  parameter?: string;
}

interface ReadError {
  /** Of `PROBLEMS`. */
  code: string;
  /** As the domain says it. */
  given: string;
  details: Readonly<Record<string, unknown>>;
  detail?: string | undefined;
}

function read(error: unknown): ReadError {
  if (error instanceof Refusal) {
    const { code: given, details } = error;
    const code = SAME_AS[given] ?? (given in PROBLEMS ? given : 'request.refused');
    return { code, given: given in SAME_AS ? code : given, details };
  }
  const code = (error instanceof HttpError ? BY_STATUS[error.status] : undefined) ?? 'service.failed';
  return {
    code,
    given: code,
    details: {},
    detail: code === 'service.failed' ? undefined : (error as HttpError).detail,
  };
}

/** Values that may be told: amounts as decimals, nothing that has a structure of ours. */
function plain(details: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const told: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(details)) {
    if (typeof value === 'bigint') told[name] = value.toString();
    else if (value instanceof Date) told[name] = value.toISOString();
    else if (isMoney(value)) told[name] = formatDecimal(value);
    else if (['string', 'number', 'boolean'].includes(typeof value)) told[name] = value;
  }
  return told;
}

const isMoney = (value: unknown): value is Money =>
  typeof value === 'object' && value !== null && 'amountMinor' in value && 'currency' in value;
