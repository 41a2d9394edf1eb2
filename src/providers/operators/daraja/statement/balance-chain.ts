/** One movement between two balances. */
interface Step {
  lineNo: number;
  before: bigint;
  after: bigint;
}

export interface BalanceChain {
  /** `balance`: as the row shows it, after its amount. */
  add(row: { lineNo: number; atMs: number; amountMinor: bigint; balanceMinor: bigint }): void;
  end(): ChainEnd;
}

export type ChainEnd =
  | { kind: 'empty' }
  | { kind: 'whole'; openingMinor: bigint; closingMinor: bigint }
  /** No order of the rows leads past this line. */
  | { kind: 'broken'; lineNo: number };

/** More movements than this in one second are taken in the order in which they stand. */
const MOST_IN_A_SECOND = 2_000;

/**
 * Whether every running balance follows from the one before it, with the oldest row first or last: the file does not say
 * which, so both are followed until one breaks. Rows of one second may stand in any order (a payment and its charge do); they
 * must still form one way from balance to balance that uses each of them.
 */
export function makeBalanceChain(): BalanceChain {
  const oldestFirst = makeWalk();
  const newestFirst = makeWalk();
  let second: Step[] = [];
  let secondMs = Number.NaN;
  const flush = () => {
    if (second.length === 0) return;
    oldestFirst.take(second);
    newestFirst.take(second.map(({ lineNo, before, after }) => ({ lineNo, before: after, after: before })));
    second = [];
  };
  return {
    add({ lineNo, atMs, amountMinor, balanceMinor }) {
      if (atMs !== secondMs || second.length >= MOST_IN_A_SECOND) flush();
      secondMs = atMs;
      second.push({ lineNo, before: balanceMinor - amountMinor, after: balanceMinor });
    },
    end() {
      flush();
      const [first, last] = [oldestFirst.end(), newestFirst.end()];
      if (first.kind === 'walked') return { kind: 'whole', openingMinor: first.from, closingMinor: first.to };
      if (last.kind === 'walked') return { kind: 'whole', openingMinor: last.to, closingMinor: last.from };
      if (first.kind === 'empty' || last.kind === 'empty') return { kind: 'empty' };
      return { kind: 'broken', lineNo: Math.max(first.lineNo, last.lineNo) };
    },
  };
}

type WalkEnd = { kind: 'empty' } | { kind: 'walked'; from: bigint; to: bigint } | { kind: 'broken'; lineNo: number };

interface Way {
  from: bigint;
  to: bigint;
}

function makeWalk(): { take(steps: readonly Step[]): void; end(): WalkEnd } {
  /** More than one only while a file begins with movements that end where they began: where that was, the next ones tell. */
  let ways: Way[] | undefined;
  let brokenAt: number | undefined;
  return {
    take(steps) {
      if (brokenAt !== undefined) return;
      const before = ways ?? startsOf(steps).map((start) => ({ from: start, to: start }));
      ways = before.flatMap(({ from, to }) => {
        const next = followInOrder(steps, to) ?? followInAnyOrder(steps, to);
        return next === undefined ? [] : [{ from, to: next }];
      });
      if (ways.length === 0) brokenAt = steps[0]?.lineNo ?? 0;
    },
    end() {
      if (brokenAt !== undefined) return { kind: 'broken', lineNo: brokenAt };
      const way = ways?.[0];
      return way ? { kind: 'walked', ...way } : { kind: 'empty' };
    },
  };
}

function followInOrder(steps: readonly Step[], start: bigint): bigint | undefined {
  let at = start;
  for (const { before, after } of steps) {
    if (before !== at) return undefined;
    at = after;
  }
  return at;
}

/** How often each balance is left, less how often it is reached. */
function surplus(steps: readonly Step[]): Map<bigint, number> {
  const counts = new Map<bigint, number>();
  for (const { before, after } of steps) {
    counts.set(before, (counts.get(before) ?? 0) + 1);
    counts.set(after, (counts.get(after) ?? 0) - 1);
  }
  return counts;
}

/** Of the first rows of a file: the balance that is left once more than it is reached; any of them when there is none. */
function startsOf(steps: readonly Step[]): bigint[] {
  for (const [balance, count] of surplus(steps)) if (count === 1) return [balance];
  return [...new Set(steps.map(({ before }) => before))];
}

/** A way that uses each step once exists when only its ends are left or reached once more, and all steps hang together (Euler). */
function followInAnyOrder(steps: readonly Step[], start: bigint): bigint | undefined {
  let end = start;
  for (const [balance, count] of surplus(steps)) {
    if (count === 0) continue;
    if (count === 1 && balance === start) continue;
    if (count !== -1 || end !== start) return undefined;
    end = balance;
  }
  if (end !== start && surplus(steps).get(start) !== 1) return undefined;
  return hangTogether(steps, start) ? end : undefined;
}

function hangTogether(steps: readonly Step[], start: bigint): boolean {
  const next = new Map<bigint, bigint[]>();
  for (const { before, after } of steps) next.set(before, [...(next.get(before) ?? []), after]);
  const reached = new Set([start]);
  const waiting = [start];
  for (let balance = waiting.pop(); balance !== undefined; balance = waiting.pop()) {
    for (const after of next.get(balance) ?? []) {
      if (reached.has(after)) continue;
      reached.add(after);
      waiting.push(after);
    }
  }
  return steps.every(({ before, after }) => reached.has(before) && reached.has(after));
}
