type Edges = ReadonlyMap<string, readonly { to: string; line: number }[]>;

/** Files that import each other in a ring, types included: one line a ring, naming each step. */
export function findRings(edges: Edges): string[] {
  const rings: string[] = [];
  const state = new Map<string, 'open' | 'done'>();
  const trail: { path: string; line: number }[] = [];

  function visit(path: string): void {
    state.set(path, 'open');
    for (const { to, line } of edges.get(path) ?? []) {
      if (!edges.has(to)) continue;
      trail.push({ path, line });
      if (state.get(to) === 'open') rings.push(describeRing(trail, to));
      else if (state.get(to) === undefined) visit(to);
      trail.pop();
    }
    state.set(path, 'done');
  }

  for (const path of edges.keys()) if (state.get(path) === undefined) visit(path);
  return rings;
}

function describeRing(trail: readonly { path: string; line: number }[], back: string): string {
  const start = trail.findIndex(({ path }) => path === back);
  const steps = trail.slice(start).map(({ path, line }) => `${path}:${line}`);
  return `${steps.join(' -> ')} -> ${back}: files import each other in a ring`;
}
