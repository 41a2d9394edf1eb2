/** A configured short code without its closing `#`, for comparison. */
export function shortCodeStem(code: string): string {
  return code.endsWith('#') ? code.slice(0, -1) : code;
}

/**
 * Splits what was dialled into our short code and what followed it: `*384*123*1*2#` with `*384*123#` of ours is
 * `{ serviceCode: '*384*123#', dialled: '1*2' }`. Gateways differ in which of the two they send as the service code. The longest of
 * our codes wins; a code that is none of ours is returned as it came.
 */
export function splitDialled(dialled: string, stems: readonly string[]): { serviceCode: string; dialled: string } {
  const bare = shortCodeStem(dialled);
  for (const stem of stems) {
    if (bare === stem) return { serviceCode: `${stem}#`, dialled: '' };
    if (bare.startsWith(`${stem}*`)) return { serviceCode: `${stem}#`, dialled: bare.slice(stem.length + 1) };
  }
  return { serviceCode: `${bare}#`, dialled: '' };
}
