import { SECRETS } from '../world/shared-parts.ts';
import type { Check, Finding } from './check.ts';

const NUMBERS = /\d{9,20}/g;

/** Full numbers, tokens, PINs and keys have no business in a log. */
const noSecrets: Check = {
  name: 'no-secrets',
  promise: 'no log line holds a PIN, a token, a key or a full phone number',
  look({ world, tokens }) {
    const findings: Finding[] = [];
    const people = new Set(
      world.profiles.flatMap(({ msisdn }) => [msisdn.slice(1), msisdn.slice(4), `0${msisdn.slice(4)}`]),
    );
    const digits = new Set(tokens.map((token) => token.digits));
    const pins = new Set(world.profiles.map(({ pin }) => pin));
    const keys = Object.values(SECRETS);
    for (const line of world.logLines) {
      const tell = (what: string) => findings.push({ text: `${what} in a log line: ${line.slice(0, 300)}`, about: [] });
      for (const key of keys) if (line.includes(key)) tell('a key');
      for (const number of line.match(NUMBERS) ?? []) if (people.has(number)) tell('a full number');
      if (tokensIn(line).some((token) => digits.has(token))) tell('a token');
      for (const pin of line.match(/(?<=[" ])\d{4}(?=[" .,])/g) ?? []) if (pins.has(pin)) tell('a PIN');
    }
    return findings;
  },
};

function tokensIn(line: string): string[] {
  return (line.match(/\d[\d-]{19,}/g) ?? []).map((text) => text.replaceAll('-', '').slice(0, 20));
}

export const secretChecks: readonly Check[] = [noSecrets];
