import type { ActionSpecs } from './action-spec.ts';
import type { MenuNode, MenuSource, Target } from './menu-schema.ts';
import { targetError, targetNode } from './menu-texts.ts';

/** A step that a session can take, and what it knows after it. */
export interface Edge {
  from: string;
  to: string;
  /** The key, outcome or code that leads there. */
  label: string;
  /** Variables that are set on the way. */
  sets: readonly string[];
  /** Text shown above the screen that it leads to. */
  error: string | undefined;
}

/** Every edge of a menu but the keys back and home, which lead only where the session has been. */
export function edgesOf(menu: MenuSource, specs: ActionSpecs): Edge[] {
  return Object.entries(menu.nodes).flatMap(([from, node]) =>
    exitsOf(node, specs).map(({ label, target, sets }) => ({
      from,
      label,
      sets,
      to: targetNode(target),
      error: targetError(target),
    })),
  );
}

function exitsOf(node: MenuNode, specs: ActionSpecs): { label: string; target: Target; sets: string[] }[] {
  switch (node.kind) {
    case 'choices':
    case 'confirm': {
      const list = node.kind === 'choices' ? node.list : undefined;
      const items = list ? [{ label: `1..n ${list.from}`, target: list.to, sets: Object.keys(list.keep) }] : [];
      const choices = node.choices.map(({ key, text, to, set }) => ({
        label: key ?? text,
        target: to,
        sets: Object.keys(set ?? {}),
      }));
      return [...items, ...choices];
    }
    case 'input':
      return [{ label: node.check, target: node.to, sets: node.as === undefined ? [] : [node.as] }];
    case 'action': {
      const spec = specs[node.run];
      const outcomes = Object.entries(node.on).map(([label, target]) => ({
        label,
        target,
        sets: [...(spec?.outcomes[label] ?? [])],
      }));
      const refusals = Object.entries(node.refusals).map(([label, target]) => ({ label, target, sets: [] }));
      return [...outcomes, ...refusals];
    }
    case 'resume':
      return [{ label: 'gone', target: node.gone, sets: [] }];
    case 'end':
      return [];
  }
}

/** Screens from which a session can come to each action without seeing another screen between. */
export function originsOfActions(menu: MenuSource, edges: readonly Edge[]): Map<string, Set<string>> {
  const origins = new Map<string, Set<string>>();
  const visit = (screen: string, at: string): void => {
    for (const edge of edges) {
      if (edge.from !== at || menu.nodes[edge.to]?.kind !== 'action') continue;
      const known = origins.get(edge.to) ?? new Set<string>();
      origins.set(edge.to, known);
      if (known.has(screen)) continue;
      known.add(screen);
      visit(screen, edge.to);
    }
  };
  for (const [id, node] of Object.entries(menu.nodes)) if ('text' in node) visit(id, id);
  return origins;
}
