import { createPrivateKey, createPublicKey, hkdfSync, sign, verify } from 'node:crypto';
import { invariant } from '../../kernel/index.ts';

/** Signs what others will want to check without asking us: Ed25519, as OpenSSL and every language's library verify it. */
export interface FileSigner {
  /** PEM (SubjectPublicKeyInfo), to be given to whoever checks. */
  readonly publicKey: string;
  /** 64 bytes. */
  sign(bytes: Uint8Array): Buffer;
  verify(bytes: Uint8Array, signature: Uint8Array): boolean;
}

/** An Ed25519 private key in PKCS #8 is this and its 32 bytes (RFC 8410). */
const PKCS8_PREFIX = Buffer.from('302e020100300506032b657004220420', 'hex');

/** `key`: 32 secret bytes. The pair is derived from them for signing alone, so the same key gives the same pair. */
export function makeFileSigner(key: Buffer): FileSigner {
  invariant(key.length === 32, 'a signing key is 32 bytes');
  const seed = Buffer.from(hkdfSync('sha256', key, Buffer.alloc(0), 'malipo file signatures', 32));
  const privateKey = createPrivateKey({ key: Buffer.concat([PKCS8_PREFIX, seed]), format: 'der', type: 'pkcs8' });
  const publicKey = createPublicKey(privateKey);
  return {
    publicKey: publicKey.export({ type: 'spki', format: 'pem' }).toString(),
    sign: (bytes) => sign(null, bytes, privateKey),
    verify: (bytes, signature) => verify(null, bytes, publicKey, signature),
  };
}
