export type Presented = Record<string, unknown>;

/**
 * A row as whoever it is about reads it: instants as RFC 3339 and named without their unit, amounts as digits in minor units, without the fields
 * that are left out.
 */
export function present(row: object, without: readonly string[] = []): Presented {
  const presented: Presented = {};
  for (const [name, value] of Object.entries(row)) {
    if (without.includes(name)) continue;
    if (name.endsWith('Ms')) presented[`${name.slice(0, -2)}`] = instant(value);
    else presented[name] = typeof value === 'bigint' ? String(value) : value;
  }
  return presented;
}

function instant(value: unknown): unknown {
  return typeof value === 'number' && value > 0 ? new Date(value).toISOString() : null;
}
