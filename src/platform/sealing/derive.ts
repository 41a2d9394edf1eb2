import { hkdfSync } from 'node:crypto';

/** A key for one purpose, from which neither `DATA_KEY` nor the key of another purpose can be told. */
export function derive(dataKey: Buffer, purpose: string): Buffer {
  return Buffer.from(hkdfSync('sha256', dataKey, Buffer.alloc(0), `malipo ${purpose}`, 32));
}
