import { maskMsisdn } from '../../kernel/index.ts';

/** What a provider's message may hold that a reader does not need: secrets by their name, numbers by their shape. */
const SECRET = /pass|secret|token|credential|pin$|key$/i;
const NAME = /name$/i;
const NUMBER = /^\+?\d{10,15}$/;

/** The body, indented where it is JSON or a form, with secrets, names and phone numbers masked. */
export function maskBody(body: string): string {
  try {
    return JSON.stringify(JSON.parse(body), (key, value) => maskValue(key, value), 2);
  } catch {
    return body.replace(/\+?\d{10,15}/g, (digits) => maskMsisdn(digits));
  }
}

function maskValue(key: string, value: unknown): unknown {
  if (typeof value === 'object' && value !== null && 'Name' in value && 'Value' in value) {
    return { ...value, Value: maskValue(String(value.Name), value.Value) };
  }
  if (typeof value !== 'string' && typeof value !== 'number') return value;
  if (SECRET.test(key)) return '***';
  const text = String(value);
  if (NAME.test(key) && typeof value === 'string' && key !== 'Name') return text.replace(/(?<=\S)\S/g, '*');
  // Times are digits too: fourteen of them, that begin with a year.
  return NUMBER.test(text) && !/^20\d{12}$/.test(text) ? maskMsisdn(text) : value;
}
