import { createCipheriv, createDecipheriv, createHmac } from 'node:crypto';
import { type Chance, invariant } from '../../kernel/index.ts';
import { derive } from './derive.ts';

/** Encryption at rest of what must not be read from a stolen disk (tokens, texts of messages). */
export interface Sealing {
  /** AES-256-GCM; base64 of nonce, tag and ciphertext behind a version. */
  seal(plain: string): string;
  open(sealed: string): string;
  /** Keyed hash (HMAC-SHA256, hex) by which a sealed value can be searched. */
  fingerprint(plain: string): string;
}

const VERSION = 's1.';
const NONCE_BYTES = 12;
const TAG_BYTES = 16;

/** `dataKey`: 32 bytes; separate keys for sealing and for fingerprints are derived from it. */
export function makeSealing(dataKey: Buffer, chance: Chance): Sealing {
  invariant(dataKey.length === 32, 'DATA_KEY is 32 bytes');
  const cipherKey = derive(dataKey, 'seal');
  const hashKey = derive(dataKey, 'fingerprint');
  return {
    seal(plain) {
      const nonce = chance.bytes(NONCE_BYTES);
      const cipher = createCipheriv('aes-256-gcm', cipherKey, nonce);
      const body = Buffer.concat([cipher.update(plain, 'utf8'), cipher.final()]);
      return VERSION + Buffer.concat([nonce, cipher.getAuthTag(), body]).toString('base64');
    },
    open(sealed) {
      invariant(sealed.startsWith(VERSION), 'not a sealed value');
      const bytes = Buffer.from(sealed.slice(VERSION.length), 'base64');
      const decipher = createDecipheriv('aes-256-gcm', cipherKey, bytes.subarray(0, NONCE_BYTES));
      decipher.setAuthTag(bytes.subarray(NONCE_BYTES, NONCE_BYTES + TAG_BYTES));
      return decipher.update(bytes.subarray(NONCE_BYTES + TAG_BYTES), undefined, 'utf8') + decipher.final('utf8');
    },
    fingerprint: (plain) => createHmac('sha256', hashKey).update(plain).digest('hex'),
  };
}
