import type { Texts } from '../../../platform/texts/index.ts';
import type { ActionSpecs } from './action-spec.ts';
import type { Edge } from './menu-graph.ts';
import type { MenuNode, MenuSource } from './menu-schema.ts';
import { expandPattern, refusalText, SYSTEM_ENDS } from './menu-texts.ts';

interface Proof {
  menu: MenuSource;
  specs: ActionSpecs;
  texts: Texts;
  edges: readonly Edge[];
  problems: string[];
  used: Set<string>;
}

/**
 * Problems of texts and variables: texts that are missing, variables that are not declared, never used, never shown
 * though shown, or not certain to be set where they are needed. `given` are those set when the entry `underWay` is shown.
 */
export function proveVariables(
  menu: MenuSource,
  specs: ActionSpecs,
  texts: Texts,
  edges: readonly Edge[],
  given: readonly string[],
): string[] {
  const proof: Proof = { menu, specs, texts, edges, problems: [], used: new Set() };
  const known = assignedAt(menu, edges, given);
  for (const [id, node] of Object.entries(menu.nodes)) proveNodeTexts(proof, id, node, known.get(id) ?? new Set());
  for (const edge of edges) {
    if (edge.error === undefined) continue;
    const set = new Set([...(known.get(edge.from) ?? []), ...edge.sets]);
    needText(proof, `${edge.from} (${edge.label})`, edge.error, set);
  }
  for (const id of SYSTEM_ENDS) needText(proof, 'engine', id, new Set());
  proveRefusals(proof);
  proveDeclarations(proof);
  return [...new Set(proof.problems)];
}

function proveNodeTexts(proof: Proof, id: string, node: MenuNode, set: ReadonlySet<string>): void {
  const { menu, specs } = proof;
  if (node.kind === 'resume') return;
  if (node.kind === 'action') {
    for (const name of specs[node.run]?.reads ?? []) needVariable(proof, id, name, set);
    return;
  }
  needText(proof, id, node.text, set);
  if (node.kind === 'input' && node.again !== undefined) needText(proof, id, node.again, set);
  if (node.kind === 'choices' || node.kind === 'confirm') {
    for (const { text } of node.choices) needText(proof, id, text, set);
  }
  if (node.kind !== 'choices' || !node.list) return;
  const { from, item, keep, empty } = node.list;
  const declared = menu.variables[from];
  proof.used.add(from);
  if (declared?.kind !== 'list') return;
  if (declared.from === 'session' && !set.has(from)) proof.problems.push(`${id}: the list ${from} may not be set here`);
  if (empty !== undefined) needText(proof, id, empty, set);
  for (const field of Object.values(keep)) {
    if (!(field in declared.fields)) proof.problems.push(`${id}: the items of ${from} have no field ${field}`);
  }
  if (!proof.texts.has(item)) proof.problems.push(`${id}: text ${item} is missing`);
  else {
    for (const name of proof.texts.placeholders(item)) {
      const field = declared.fields[name];
      if (!field) proof.problems.push(`${id}: text ${item} uses {${name}}, which the items of ${from} do not have`);
      else if (field.kind === 'hidden') proof.problems.push(`${id}: text ${item} shows {${name}}, which is hidden`);
      if (field?.kind !== 'phrase') continue;
      for (const textId of field.of.flatMap((pattern) => expandPattern(pattern, proof.texts.ids()))) {
        needText(proof, id, textId, new Set());
      }
    }
  }
}

/** A text with all that it needs; phrases are followed into the texts that they may stand for. */
function needText(proof: Proof, where: string, textId: string, set: ReadonlySet<string>, depth = 0): void {
  const { texts, menu } = proof;
  if (!texts.has(textId)) {
    proof.problems.push(`${where}: text ${textId} is missing`);
    return;
  }
  for (const name of texts.placeholders(textId)) {
    const declared = menu.variables[name];
    if (!declared) {
      proof.problems.push(`${where}: text ${textId} uses {${name}}, which is not declared`);
      continue;
    }
    if (declared.kind === 'list' || declared.kind === 'hidden') {
      proof.problems.push(`${where}: text ${textId} shows {${name}}, which is a ${declared.kind} variable`);
    }
    needVariable(proof, `${where}: text ${textId}`, name, set);
    if (declared.kind !== 'phrase' || depth > 1) continue;
    for (const pattern of declared.of) {
      for (const id of expandPattern(pattern, texts.ids())) needText(proof, where, id, set, depth + 1);
    }
  }
}

function needVariable(proof: Proof, where: string, name: string, set: ReadonlySet<string>): void {
  const declared = proof.menu.variables[name];
  proof.used.add(name);
  if (!declared) proof.problems.push(`${where}: variable ${name} is not declared`);
  else if (declared.kind !== 'constant' && !set.has(name)) proof.problems.push(`${where}: ${name} may not be set here`);
}

/** Variables that are set on every way to each node. Going home forgets them, so the start has none. */
function assignedAt(menu: MenuSource, edges: readonly Edge[], given: readonly string[]): Map<string, Set<string>> {
  const known = new Map<string, Set<string>>([
    [menu.start, new Set()],
    [menu.entries.resume, new Set()],
    [menu.entries.underWay, new Set(given)],
  ]);
  const fixed = new Set(known.keys());
  for (let changed = true; changed; ) {
    changed = false;
    for (const { from, to, sets } of edges) {
      const before = known.get(from);
      if (!before || fixed.has(to)) continue;
      const arriving = new Set([...before, ...sets]);
      const current = known.get(to);
      const next = current ? new Set([...current].filter((name) => arriving.has(name))) : arriving;
      if (current && next.size === current.size) continue;
      known.set(to, next);
      changed = true;
    }
  }
  return known;
}

/** The words of every refusal that an action may meet, with no more values than it carries. */
function proveRefusals({ menu, specs, texts, problems }: Proof): void {
  for (const [id, node] of Object.entries(menu.nodes)) {
    if (node.kind !== 'action') continue;
    for (const [code, details] of Object.entries(specs[node.run]?.refusals ?? {})) {
      if (code in node.refusals) continue;
      const textId = refusalText(code);
      if (!texts.has(textId)) {
        problems.push(`${id}: text ${textId} is missing`);
        continue;
      }
      for (const name of texts.placeholders(textId)) {
        if (name in details || menu.variables[name]?.kind === 'constant') continue;
        problems.push(`${id}: text ${textId} uses {${name}}, which the refusal does not carry`);
      }
    }
  }
}

function proveDeclarations({ menu, edges, problems, used, specs }: Proof): void {
  const set = new Set(edges.flatMap(({ sets }) => sets));
  for (const name of set) {
    if (!(name in menu.variables)) problems.push(`variable ${name} is set, but not declared`);
  }
  const mayRead = new Set(
    Object.values(menu.nodes).flatMap((node) => (node.kind === 'action' ? (specs[node.run]?.mayRead ?? []) : [])),
  );
  for (const name of Object.keys(menu.variables)) {
    if (!used.has(name) && !mayRead.has(name)) problems.push(`variable ${name} is declared, but never used`);
  }
}
