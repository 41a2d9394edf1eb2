import type { Seen } from './load.ts';

export interface ChaosRow {
  fault: string;
  seen: Record<Seen, number>;
  /** How sessions ended without a payment. */
  told: Map<string, number>;
  ready: Set<string>;
  notReady?: string | undefined;
  mayBe?: readonly string[] | undefined;
  /** From the end of the fault to all ready and the next confirmed payment; undefined: never. */
  recoveredMs: number | undefined;
}

const HEAD = [
  'fault',
  'requests',
  'screens',
  'confirmed',
  'told (END)',
  'unreachable',
  'bare errors',
  'readiness',
  'recovered ms',
];

export function renderTable(rows: readonly ChaosRow[]): string {
  const lines = rows.map(({ fault, seen, ready, recoveredMs }) => {
    const requests = Object.values(seen).reduce((total, count) => total + count, 0);
    const counts = [requests, seen.screen, seen.confirmed, seen.told, seen.unreachable, seen.bare];
    return [fault, ...counts.map(String), [...ready].sort().join(', '), String(recoveredMs ?? 'never')];
  });
  const widths = HEAD.map((title, column) =>
    Math.max(title.length, ...lines.map((line) => (line[column] ?? '').length)),
  );
  const render = (cells: readonly string[]) =>
    `| ${cells.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join(' | ')} |`;
  return [render(HEAD), render(widths.map((width) => '-'.repeat(width))), ...lines.map(render)].join('\n');
}

/** What the sessions that ended without a payment said, for each fault: a person reads whether it was true. */
export function renderTold(rows: readonly ChaosRow[]): string {
  return rows
    .flatMap(({ fault, told }) => [...told].map(([words, count]) => `${fault}: ${count} x "${words}"`))
    .join('\n');
}
