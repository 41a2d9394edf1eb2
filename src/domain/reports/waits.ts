/** Waits in steps: by the second up to a minute, then ever coarser, so that an hour of any size is some dozens of numbers. */
const STEPS: readonly (readonly [belowS: number, stepS: number])[] = [
  [60, 1],
  [600, 5],
  [7_200, 60],
];
const COARSEST_S = 3_600;
const LONGEST_S = 30 * 86_400;

/** Waits by the shortest of their step, in seconds: how many. */
export type Waits = Map<number, number>;

/** The shortest wait of the step that holds one. */
export function stepOf(waitMs: number): number {
  const seconds = Math.min(Math.max(0, Math.floor(waitMs / 1_000)), LONGEST_S);
  const step = STEPS.find(([belowS]) => seconds < belowS)?.[1] ?? COARSEST_S;
  return seconds - (seconds % step);
}

export function addWaits(waits: Waits, seconds: number, count: number): void {
  waits.set(seconds, (waits.get(seconds) ?? 0) + count);
}

export function packWaits(waits: Waits): string {
  return [...waits]
    .sort(([one], [other]) => one - other)
    .map((pair) => pair.join(':'))
    .join(' ');
}

export function unpackWaits(text: string, into: Waits): void {
  for (const pair of text.split(' ')) {
    const [seconds, count] = pair.split(':');
    addWaits(into, Number(seconds), Number(count));
  }
}

/** The wait that this share of them (0.5: the median) did not exceed, by steps, in seconds; undefined where nobody waited. */
export function waitAt(waits: Waits, share: number): number | undefined {
  const sorted = [...waits].sort(([one], [other]) => one - other);
  const wanted = sorted.reduce((sum, [, count]) => sum + count, 0) * share;
  let passed = 0;
  for (const [seconds, count] of sorted) {
    passed += count;
    if (passed >= wanted) return seconds;
  }
  return undefined;
}
