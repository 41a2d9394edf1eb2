/** What was dialled, split into our service code and what follows it: `*384*123*1*2#` is `*384*123#` and `1*2`. */
export function readDialString(
  dialled: string,
  serviceCode: string,
): { text: string } | { refused: 'not-ussd' | 'not-ours' } {
  if (!/^\*\d[\d*]*#$/.test(dialled) || dialled.length > 182) return { refused: 'not-ussd' };
  const bare = dialled.slice(0, -1);
  const stem = serviceCode.replace(/#$/, '');
  if (bare === stem) return { text: '' };
  return bare.startsWith(`${stem}*`) ? { text: bare.slice(stem.length + 1) } : { refused: 'not-ours' };
}

/** Every input so far in one field; an empty reply appends a bare `*`. There is no escaping. */
export function appendInput(text: string, input: string, isFirst: boolean): string {
  return isFirst && input !== '' ? input : `${text}*${input}`;
}
