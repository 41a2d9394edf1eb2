import { NAMES, type Name } from './contestants.ts';
import type { MemoryResult } from './memory.ts';
import { type Measured, PACED_HOPS_PER_SECOND, PARTS, type Part, type Round } from './rounds.ts';

const TITLES: Readonly<Record<Part, string>> = {
  dial: 'Dialling (first hop of a session)',
  plain: '(a) Plain menu hops, 16 connections at full speed',
  paced: `(a) Plain menu hops at ${PACED_HOPS_PER_SECOND} a second`,
  pay: '(b) From dialling to the confirmation, account lookup over HTTP included',
};

export interface Figure {
  median: number;
  /** Half the distance between the quartiles of the rounds. */
  noise: number;
}

export function figureOf(values: readonly number[]): Figure {
  const sorted = [...values].sort((one, other) => one - other);
  const at = (share: number) => {
    const place = (sorted.length - 1) * share;
    const [low, high] = [sorted[Math.floor(place)] ?? 0, sorted[Math.ceil(place)] ?? 0];
    return low + (high - low) * (place - Math.floor(place));
  };
  return { median: at(0.5), noise: (at(0.75) - at(0.25)) / 2 };
}

/** Malipo's figure by another's, round by round: what disturbed one round disturbed both. */
function ratio(rounds: readonly Round[], part: Part, field: keyof Measured, other: Name): Figure {
  return figureOf(rounds.map((round) => round.malipo[part][field] / round[other][part][field]));
}

export interface Target {
  what: string;
  figure: Figure;
  atMost: number;
  /** Not a requirement. */
  isAim?: true;
}

export function targetsOf(rounds: readonly Round[]): Target[] {
  const aToFloor = ratio(rounds, 'plain', 'cpuMicrosPerHop', 'floor');
  return [
    { what: '(a) CPU a hop by the floor', figure: aToFloor, atMost: 1.8 },
    { what: '(a) the same, as an aim', figure: aToFloor, atMost: 1.5, isAim: true },
    { what: '(a) CPU a hop by the peer', figure: ratio(rounds, 'plain', 'cpuMicrosPerHop', 'peer'), atMost: 0.6 },
    { what: '(a) p99 by the floor', figure: ratio(rounds, 'paced', 'p99Ms', 'floor'), atMost: 2 },
    { what: '(b) CPU a hop by the floor', figure: ratio(rounds, 'pay', 'cpuMicrosPerHop', 'floor'), atMost: 2.6 },
  ];
}

export function memoryTarget({ early, end }: MemoryResult): Target {
  return { what: 'memory at the end by a fifth of the way', figure: figureOf([end.rss / early.rss]), atMost: 1.1 };
}

const MEGABYTE = 1024 * 1024;

export function memoryLines({ dialogs, early, end }: MemoryResult): string {
  const line = (when: string, { rss, heapUsed }: typeof end) =>
    `  ${when.padEnd(16)} RSS ${(rss / MEGABYTE).toFixed(1)} MB, heap ${(heapUsed / MEGABYTE).toFixed(1)} MB\n`;
  return `\nMemory over ${dialogs} dialogs (b)\n${line('after a fifth', early)}${line('at the end', end)}`;
}

export function table(rounds: readonly Round[]): string {
  return PARTS.map((part) => partTable(rounds, part)).join('');
}

const COLUMNS: readonly { title: string; field: keyof Measured; digits: number }[] = [
  { title: 'CPU us/hop', field: 'cpuMicrosPerHop', digits: 1 },
  { title: 'hops/s', field: 'hopsPerSecond', digits: 0 },
  { title: 'p50 ms', field: 'p50Ms', digits: 2 },
  { title: 'p99 ms', field: 'p99Ms', digits: 2 },
];

function partTable(rounds: readonly Round[], part: Part): string {
  const row = (name: string, cells: readonly string[]) =>
    `  ${name.padEnd(18)}${cells.map((cell) => cell.padStart(15)).join('')}\n`;
  const show = ({ median, noise }: Figure, digits: number) => `${median.toFixed(digits)} ±${noise.toFixed(digits)}`;
  const lines = NAMES.map((name) =>
    row(
      name,
      COLUMNS.map(({ field, digits }) => show(figureOf(rounds.map((round) => round[name][part][field])), digits)),
    ),
  );
  const ratios = (['floor', 'peer'] as const).map((other) =>
    row(
      `malipo / ${other}`,
      COLUMNS.map(({ field }) => show(ratio(rounds, part, field, other), 2)),
    ),
  );
  const titles = row(
    '',
    COLUMNS.map(({ title }) => title),
  );
  return `\n${TITLES[part]}\n${titles}${lines.join('')}${ratios.join('')}`;
}

export interface Verdict {
  line: string;
  /** Missed by more than the noise. */
  isMissed: boolean;
}

export function judge({ what, figure: { median, noise }, atMost, isAim }: Target): Verdict {
  const word = median <= atMost ? 'PASS' : 'MISS';
  const aim = isAim ? ' (aim)' : '';
  return {
    line: `  ${word}  ${what}${aim}: ${median.toFixed(2)} ±${noise.toFixed(2)}, at most ${atMost}\n`,
    isMissed: !isAim && median - noise > atMost,
  };
}
