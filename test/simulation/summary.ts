import type { SeedResult } from './run-seed.ts';

/** What happened in all worlds together, a line for each kind. */
export function summaryOf(results: readonly SeedResult[]): string[] {
  const totals = new Map<string, number>();
  for (const { counts } of results) {
    for (const [what, count] of Object.entries(counts)) totals.set(what, (totals.get(what) ?? 0) + count);
  }
  const sizes = results.map(({ counts }) => counts.customers ?? 0).sort((one, other) => one - other);
  const hours = results.reduce((sum, { virtualMs }) => sum + virtualMs, 0) / 3_600_000;
  const checks = new Map<string, number>();
  for (const { broken } of results) for (const name of broken) checks.set(name, (checks.get(name) ?? 0) + 1);
  return [
    `${hours.toFixed(0)} hours of virtual time; customers a world: median ${sizes[Math.floor(sizes.length / 2)]}, most ${sizes.at(-1)}`,
    ...[...totals].sort(([one], [other]) => one.localeCompare(other)).map(([what, count]) => `  ${what}: ${count}`),
    ...[...checks].map(([name, count]) => `  BROKEN ${name}: in ${count} worlds`),
  ];
}
