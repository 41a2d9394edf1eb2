/** GSM 03.38 default alphabet; a character of the second table costs two septets (an escape and itself). */
const BASIC =
  '@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !"#¤%&\'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà';
const EXTENDED = '€[]{}\\^~|\f';

const SEPTETS = new Map<string, number>([
  ...[...BASIC].map((character): [string, number] => [character, 1]),
  ...[...EXTENDED].map((character): [string, number] => [character, 2]),
]);

/** Septets that the text takes in GSM-7, or undefined when one character is outside the alphabet (then it is UCS-2). */
export function countSeptets(text: string): number | undefined {
  let septets = 0;
  for (const character of text) {
    const cost = SEPTETS.get(character);
    if (cost === undefined) return undefined;
    septets += cost;
  }
  return septets;
}

export function isGsm7(text: string): boolean {
  return countSeptets(text) !== undefined;
}

/**
 * Folds what GSM-7 lacks to its nearest plain letter (`ç` to `c`, narrow spaces to a space), so that one odd letter in
 * a customer's name does not halve what fits on a screen. What has no plain form stays as it is.
 */
export function foldToGsm7(text: string): string {
  let folded = '';
  for (const character of text) {
    if (SEPTETS.has(character)) folded += character;
    else folded += foldCharacter(character);
  }
  return folded;
}

const FOLDS: Readonly<Record<string, string>> = {
  '\u00a0': ' ',
  '\u202f': ' ',
  '\u2009': ' ',
  '\u2018': "'",
  '\u2019': "'",
  '\u201c': '"',
  '\u201d': '"',
  '\u2013': '-',
  '\u2014': '-',
  '\u2026': '...',
  œ: 'oe',
  Œ: 'OE',
  '\t': ' ',
};

function foldCharacter(character: string): string {
  const listed = FOLDS[character];
  if (listed !== undefined) return listed;
  const plain = character.normalize('NFD').replace(/\p{M}/gu, '');
  return isGsm7(plain) ? plain : character;
}

/** Length limits of one message: GSM-7 160 characters or 153 a part, UCS-2 70 or 67. */
export function countSmsSegments(text: string): { encoding: 'gsm7' | 'ucs2'; segments: number; units: number } {
  const septets = countSeptets(text);
  if (septets !== undefined) {
    return { encoding: 'gsm7', units: septets, segments: septets <= 160 ? 1 : Math.ceil(septets / 153) };
  }
  return { encoding: 'ucs2', units: text.length, segments: text.length <= 70 ? 1 : Math.ceil(text.length / 67) };
}
