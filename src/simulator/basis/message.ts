/** One request as a party sees it, whatever carried it: a socket, or a simulation in memory. */
export interface SimulatorRequest {
  method: string;
  /** Path alone, still percent-encoded, without the query. */
  path: string;
  query: URLSearchParams;
  /** Names in lower case. */
  headers: Readonly<Record<string, string>>;
  body: string;
}

export interface SimulatorReply {
  status: number;
  headers: Readonly<Record<string, string>>;
  body: string;
  /** In place of the text: a file. */
  bytes?: Buffer;
}

/** `hang-up` closes the connection without one byte of an answer. */
export type SimulatorAnswer = SimulatorReply | 'hang-up';

const JSON_HEADERS = { 'content-type': 'application/json; charset=utf-8' } as const;
const PROBLEM_HEADERS = { 'content-type': 'application/problem+json; charset=utf-8' } as const;
const HTML_HEADERS = { 'content-type': 'text/html; charset=utf-8' } as const;

export function jsonReply(status: number, body: unknown): SimulatorReply {
  return { status, headers: JSON_HEADERS, body: JSON.stringify(body) };
}

/** A problem document (RFC 9457); `extra` adds members such as `reason`. */
export function problemReply(status: number, title: string, extra: Readonly<Record<string, unknown>> = {}) {
  return { status, headers: PROBLEM_HEADERS, body: JSON.stringify({ title, status, ...extra }) };
}

export function fileReply(name: string, contentType: string, content: string | Buffer): SimulatorReply {
  const headers = { 'content-type': contentType, 'content-disposition': `attachment; filename="${name}"` };
  const isText = typeof content === 'string';
  return { status: 200, headers, body: isText ? content : '', ...(isText ? {} : { bytes: content }) };
}

export function htmlReply(status: number, body: string): SimulatorReply {
  return { status, headers: HTML_HEADERS, body };
}

/** The value of a JSON body, or undefined when it is none. */
export function parseJson(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return undefined;
  }
}

/** One percent-encoded segment of a path, or undefined when it is not valid. */
export function decodeSegment(segment: string): string | undefined {
  try {
    return decodeURIComponent(segment);
  } catch {
    return undefined;
  }
}

/** The segments after a prefix: `/control/handsets/+254` behind `/control` is `['handsets', '+254']`. */
export function segmentsAfter(path: string, prefix: string): string[] | undefined {
  const segments: string[] = [];
  for (const part of path.slice(prefix.length).split('/')) {
    if (part === '') continue;
    const segment = decodeSegment(part);
    if (segment === undefined) return undefined;
    segments.push(segment);
  }
  return segments;
}
