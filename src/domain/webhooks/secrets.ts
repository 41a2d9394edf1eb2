import { createHmac } from 'node:crypto';
import { type Chance, Refusal } from '../../kernel/index.ts';

const PREFIX = 'whsec_';
const OWN_BYTES = 32;
const LEAST_BYTES = 24;
const MOST_BYTES = 64;

export function newSecret(chance: Chance): string {
  return PREFIX + chance.bytes(OWN_BYTES).toString('base64');
}

/** Refuses (`webhook.bad-secret`) what is not `whsec_` and the base64 of 24 to 64 bytes. */
export function checkSecret(secret: string): string {
  const bytes = Buffer.from(secret.slice(PREFIX.length), 'base64');
  const isWhole = secret.startsWith(PREFIX) && bytes.toString('base64') === secret.slice(PREFIX.length);
  if (!isWhole || bytes.length < LEAST_BYTES || bytes.length > MOST_BYTES) throw new Refusal('webhook.bad-secret');
  return secret;
}

/** The headers of Standard Webhooks: HMAC-SHA256 of `id.seconds.body` by each secret, the newest first. */
export function signedHeaders(
  message: { id: string; atMs: number; body: string },
  secrets: readonly string[],
): Record<string, string> {
  const seconds = Math.floor(message.atMs / 1_000);
  const signed = `${message.id}.${seconds}.${message.body}`;
  const signatures = secrets.map((secret) => {
    const key = Buffer.from(secret.slice(PREFIX.length), 'base64');
    return `v1,${createHmac('sha256', key).update(signed).digest('base64')}`;
  });
  return {
    'webhook-id': message.id,
    'webhook-timestamp': String(seconds),
    'webhook-signature': signatures.join(' '),
  };
}
