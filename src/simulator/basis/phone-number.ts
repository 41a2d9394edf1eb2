import { isMsisdn, type Msisdn } from '../../kernel/index.ts';

/**
 * A number as people and programs write it in a path, a query or a field: with or without its plus sign, also with
 * the plus turned into a space by a form decoder. Undefined when it cannot be one.
 */
export function readPhoneNumber(text: string): Msisdn | undefined {
  const compact = text.replace(/[\s-]/g, '');
  const national = /^0(\d{9})$/.exec(compact);
  const candidate = national ? `+254${national[1]}` : compact.startsWith('+') ? compact : `+${compact}`;
  return isMsisdn(candidate) ? candidate : undefined;
}

const FIRST = ['JANE', 'PETER', 'AISHA', 'JOHN', 'MARY', 'OMAR', 'GRACE', 'SAMUEL', 'FATUMA', 'DAVID', 'LUCY', 'BRIAN'];
const LAST = ['WANJIKU', 'OTIENO', 'MWANGI', 'KAMAU', 'ACHIENG', 'HASSAN', 'NJERI', 'KIPTOO', 'MUTUA', 'WAMBUI'];

/** FNV-1a over the text: the same name, amount or debt for the same number in every run. */
export function steadyHash(text: string): number {
  let hash = 0x811c9dc5;
  for (let index = 0; index < text.length; index += 1) {
    hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193);
  }
  return hash >>> 0;
}

/** A made-up holder that always belongs to the same number or account. */
export function steadyName(text: string): { first: string; last: string } {
  const hash = steadyHash(text);
  return {
    first: FIRST[hash % FIRST.length] ?? 'JANE',
    last: LAST[Math.floor(hash / FIRST.length) % LAST.length] ?? 'WANJIKU',
  };
}
