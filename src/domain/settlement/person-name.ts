/** Who signs and who pays is kept for an auditor: a name or a staff number, in letters and digits, not an empty word. */
export function isPersonName(name: string): boolean {
  return /^[\p{L}\p{N}][\p{L}\p{M}\p{N} .,'@_-]{1,63}$/u.test(name);
}

/** Two spellings of one name are one person. */
export function samePerson(one: string, other: string): boolean {
  const fold = (name: string) => name.normalize('NFKC').toLowerCase().replace(/\s+/g, ' ').trim();
  return fold(one) === fold(other);
}
