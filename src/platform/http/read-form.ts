import { readText, type WithRequest } from './body.ts';
import { HttpError } from './http-error.ts';

const MOST_FIELDS = 200;
// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what it looks for
const CONTROL = /[\u0000-\u001f\u007f]/;
// biome-ignore lint/suspicious/noControlCharactersInRegex: the same, line breaks and tabs aside
const CONTROL_BUT_LINE_BREAKS = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f]/;
// biome-ignore lint/suspicious/noControlCharactersInRegex: as they come, or percent-encoded
const MAY_HOLD_CONTROL = /[\u0000-\u001f\u007f]|%[01]|%7[Ff]/;

export interface FormBody {
  /** Has no prototype: a field named `__proto__` or `toString` is a field like any other. */
  fields: Readonly<Record<string, string>>;
  /** The body as it came. */
  raw: string;
}

/**
 * Reads `application/x-www-form-urlencoded`. Refuses (400) a repeated field, bad percent-encoding or UTF-8, and control
 * characters; tabs and line breaks pass with `lineBreaks`, for texts that people write. 413 over 64 KiB, 415 for
 * another type or an encoding.
 */
export async function readForm(request: WithRequest, options?: { lineBreaks?: boolean }): Promise<FormBody> {
  const raw = await readText(request, 'application/x-www-form-urlencoded');
  return { fields: parseForm(raw, options), raw };
}

export function parseForm(raw: string, options?: { lineBreaks?: boolean }): Record<string, string> {
  const control = options?.lineBreaks ? CONTROL_BUT_LINE_BREAKS : CONTROL;
  const fields: Record<string, string> = Object.create(null);
  // One look at the whole spares two at every field.
  const mustCheck = MAY_HOLD_CONTROL.test(raw);
  let count = 0;
  for (let start = 0; start < raw.length; ) {
    let end = raw.indexOf('&', start);
    if (end === -1) end = raw.length;
    if (end > start) {
      const equals = raw.indexOf('=', start);
      const split = equals === -1 || equals > end ? end : equals;
      const name = decode(raw.slice(start, split));
      const value = decode(raw.slice(split + 1, end));
      if (mustCheck && (control.test(value) || CONTROL.test(name)))
        throw new HttpError(400, 'a field holds control characters');
      if (name in fields) throw new HttpError(400, 'a field is repeated');
      count += 1;
      if (count > MOST_FIELDS) throw new HttpError(400, 'too many fields');
      fields[name] = value;
    }
    start = end + 1;
  }
  return fields;
}

function decode(text: string): string {
  const spaced = text.includes('+') ? text.replaceAll('+', ' ') : text;
  if (!spaced.includes('%')) return spaced;
  try {
    return decodeURIComponent(spaced);
  } catch {
    throw new HttpError(400, 'a field is not percent-encoded UTF-8');
  }
}
