import type { ActionSpecs } from './action-spec.ts';
import { INPUT_CHECKS } from './input-checks.ts';
import type { Edge } from './menu-graph.ts';
import type { ActionNode, InputNode, MenuNode, MenuSource } from './menu-schema.ts';

/** 98 shows the next page, 0 goes back, 00 goes home: no choice may have them. */
const RESERVED_KEYS = new Set(['98', '0', '00']);

/** Problems of the menu's shape: where it leads, which keys it takes, which actions it runs. */
export function proveGraph(menu: MenuSource, specs: ActionSpecs, edges: readonly Edge[]): string[] {
  const problems: string[] = [];
  const entries = [menu.start, menu.entries.resume, menu.entries.underWay];
  for (const id of entries) {
    const kind = menu.nodes[id]?.kind;
    if (kind !== 'choices') problems.push(`${id}: a first screen must be a node of the kind choices`);
  }
  for (const { from, to, label, error } of edges) {
    const target = menu.nodes[to];
    if (!target) problems.push(`${from}: ${label} leads to ${to}, which does not exist`);
    else if (error !== undefined && !('text' in target))
      problems.push(`${from}: ${label} shows an error on ${to}, which is not a screen`);
    else if (error !== undefined && target.kind === 'end')
      problems.push(`${from}: ${label} shows an error on the end ${to}`);
  }
  for (const [id, node] of Object.entries(menu.nodes)) problems.push(...proveNode(id, node, menu, specs, edges));
  problems.push(...findUnreachable(menu, edges, entries), ...findActionRings(menu, edges));
  return problems;
}

function proveNode(id: string, node: MenuNode, menu: MenuSource, specs: ActionSpecs, edges: readonly Edge[]): string[] {
  switch (node.kind) {
    case 'choices':
    case 'confirm':
      return proveKeys(id, node, menu);
    case 'input':
      return proveInput(id, node, menu, specs);
    case 'action':
      return proveAction(id, node, menu, specs, edges);
    case 'resume':
    case 'end':
      return [];
  }
}

function proveKeys(id: string, node: Extract<MenuNode, { choices: unknown }>, menu: MenuSource): string[] {
  const problems: string[] = [];
  const list = node.kind === 'choices' ? node.list : undefined;
  const declared = list ? menu.variables[list.from] : undefined;
  if (list && declared?.kind !== 'list') problems.push(`${id}: ${list.from} is not declared as a list`);
  let next = declared?.kind === 'list' ? declared.most : 0;
  const first = next;
  const taken = new Set<string>();
  for (const choice of node.choices) {
    if (choice.key === undefined) next += 1;
    const key = choice.key ?? String(next);
    if (RESERVED_KEYS.has(key)) problems.push(`${id}: key ${key} is reserved (98 more, 0 back, 00 home)`);
    else if (!/^[1-9]\d?$/.test(key)) problems.push(`${id}: key ${key} is not a number from 1 to 97`);
    else if (taken.has(key)) problems.push(`${id}: key ${key} is used twice`);
    else if (choice.key !== undefined && Number(key) <= first)
      problems.push(`${id}: key ${key} collides with the items of ${list?.from}`);
    taken.add(key);
  }
  if (next > 97) problems.push(`${id}: its items and choices may need keys above 97`);
  const isFirst = id === menu.start || Object.values(menu.entries).includes(id);
  if (isFirst && node.choices.length === 0 && !list) problems.push(`${id}: a dead end: no choice and no way back`);
  return problems;
}

function proveInput(id: string, node: InputNode, menu: MenuSource, specs: ActionSpecs): string[] {
  const problems: string[] = [];
  const check = INPUT_CHECKS[node.check];
  if (!check) return [`${id}: unknown check ${node.check}`];
  if (node.secret) {
    if (node.as !== undefined) problems.push(`${id}: a secret screen must not keep its input in ${node.as}`);
    const to = typeof node.to === 'string' ? menu.nodes[node.to] : undefined;
    if (to?.kind !== 'action' || specs[to.run]?.secret !== true)
      problems.push(`${id}: a secret screen must lead to an action that takes a secret`);
    return problems;
  }
  if (node.check === 'pin') problems.push(`${id}: a PIN must be asked on a secret screen`);
  if (node.as === undefined) return [...problems, `${id}: says no variable (as) for its input`];
  const declared = menu.variables[node.as];
  if (declared && declared.kind !== check.gives && !(check.gives === 'text' && declared.kind === 'hidden')) {
    problems.push(
      `${id}: ${node.as} is declared as ${declared.kind}, but the check ${node.check} gives ${check.gives}`,
    );
  }
  return problems;
}

function proveAction(
  id: string,
  node: ActionNode,
  menu: MenuSource,
  specs: ActionSpecs,
  edges: readonly Edge[],
): string[] {
  const spec = specs[node.run];
  if (!spec) return [`${id}: unknown action ${node.run}`];
  const problems: string[] = [];
  for (const outcome of Object.keys(spec.outcomes)) {
    if (!(outcome in node.on)) problems.push(`${id}: outcome ${outcome} of ${node.run} is not bound`);
  }
  for (const outcome of Object.keys(node.on)) {
    if (!(outcome in spec.outcomes)) problems.push(`${id}: ${node.run} has no outcome ${outcome}`);
  }
  for (const code of Object.keys(node.refusals)) {
    if (!(code in (spec.refusals ?? {}))) problems.push(`${id}: ${node.run} never refuses with ${code}`);
  }
  const params = new Set(spec.params ?? []);
  for (const param of params) if (!(param in node.with)) problems.push(`${id}: ${node.run} needs ${param} under with`);
  for (const given of Object.keys(node.with)) {
    if (!params.has(given)) problems.push(`${id}: ${node.run} takes no ${given}`);
  }
  for (const { from } of edges.filter(({ to }) => to === id)) {
    const before = menu.nodes[from];
    if (spec.confirmed && before?.kind !== 'confirm')
      problems.push(`${id}: ${node.run} moves money, but ${from} leads to it without a confirmation`);
    if (spec.secret && !(before?.kind === 'input' && before.secret))
      problems.push(`${id}: ${node.run} takes a secret, but ${from} is not a secret screen`);
  }
  return problems;
}

function findUnreachable(menu: MenuSource, edges: readonly Edge[], entries: readonly string[]): string[] {
  const reached = new Set(entries);
  for (const id of reached) for (const edge of edges) if (edge.from === id) reached.add(edge.to);
  return Object.keys(menu.nodes)
    .filter((id) => !reached.has(id))
    .map((id) => `${id}: cannot be reached`);
}

/** Actions that lead to one another without a screen between would never answer. */
function findActionRings(menu: MenuSource, edges: readonly Edge[]): string[] {
  const isAction = (id: string): boolean => menu.nodes[id]?.kind === 'action';
  const between = edges.filter(({ from, to }) => isAction(from) && isAction(to));
  return Object.keys(menu.nodes).flatMap((id) => {
    const reached = new Set(between.filter(({ from }) => from === id).map(({ to }) => to));
    for (const at of reached) for (const { from, to } of between) if (from === at) reached.add(to);
    return reached.has(id) ? [`${id}: actions lead round in a ring without a screen between`] : [];
  });
}
