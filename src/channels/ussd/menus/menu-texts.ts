import type { ActionSpecs } from './action-spec.ts';
import { INPUT_CHECKS } from './input-checks.ts';
import type { MenuNode, MenuSource, ScalarVariable, Target } from './menu-schema.ts';

/** Texts that the engine itself shows, whatever the menu. */
export const ENGINE_TEXTS = {
  more: 'ussd.nav.more',
  back: 'ussd.nav.back',
  home: 'ussd.nav.home',
  badChoice: 'ussd.error.choice',
  menuChanged: 'ussd.error.menu-changed',
  refused: 'ussd.error.refused',
  tooManyTries: 'ussd.system.too-many-tries',
  tooLong: 'ussd.system.too-long',
  busy: 'ussd.system.busy',
  late: 'ussd.system.late',
  lateWhilePaying: 'ussd.system.late-while-paying',
  fault: 'ussd.system.fault',
  faultWhilePaying: 'ussd.system.fault-while-paying',
} as const;

/** Screens that end a session by the engine's own decision. */
export const SYSTEM_ENDS: readonly string[] = [
  ENGINE_TEXTS.tooManyTries,
  ENGINE_TEXTS.tooLong,
  ENGINE_TEXTS.busy,
  ENGINE_TEXTS.late,
  ENGINE_TEXTS.lateWhilePaying,
  ENGINE_TEXTS.fault,
  ENGINE_TEXTS.faultWhilePaying,
];

/** The text of a refusal on a screen. */
export const refusalText = (code: string): string => `refusals.${code}`;

export const targetNode = (target: Target): string => (typeof target === 'string' ? target : target.to);
export const targetError = (target: Target): string | undefined =>
  typeof target === 'string' ? undefined : target.error;

/** Where a node may lead, with the word that leads there (a key, an outcome, a code). */
export function targetsOf(node: MenuNode): { label: string; target: Target }[] {
  switch (node.kind) {
    case 'choices':
    case 'confirm': {
      const list = node.kind === 'choices' && node.list ? [{ label: node.list.from, target: node.list.to }] : [];
      return [...list, ...node.choices.map(({ key, text, to }) => ({ label: key ?? text, target: to }))];
    }
    case 'input':
      return [{ label: node.check, target: node.to }];
    case 'action':
      return [
        ...Object.entries(node.on).map(([label, target]) => ({ label, target })),
        ...Object.entries(node.refusals).map(([label, target]) => ({ label, target })),
      ];
    case 'resume':
      return [{ label: 'gone', target: node.gone }];
    case 'end':
      return [];
  }
}

/** Ids of texts that a pattern names: itself, or all below a prefix that ends in `.*`. */
export function expandPattern(pattern: string, ids: Iterable<string>): string[] {
  if (!pattern.endsWith('.*')) return [pattern];
  const prefix = pattern.slice(0, -1);
  return [...ids].filter((id) => id.startsWith(prefix));
}

/** Every text that a menu can show, refusals of its actions included: what its version keeps. */
export function textsOfMenu(menu: MenuSource, specs: ActionSpecs, allIds: readonly string[]): string[] {
  const used = new Set<string>(Object.values(ENGINE_TEXTS));
  for (const node of Object.values(menu.nodes)) for (const id of textsOfNode(node, specs)) used.add(id);
  for (const variable of Object.values(menu.variables)) {
    const scalars: ScalarVariable[] = variable.kind === 'list' ? Object.values(variable.fields) : [variable];
    for (const scalar of scalars) {
      if (scalar.kind !== 'phrase') continue;
      for (const pattern of scalar.of) for (const id of expandPattern(pattern, allIds)) used.add(id);
    }
  }
  return [...used].sort();
}

/** Texts that a node names itself, and those that its check or action brings. */
export function textsOfNode(node: MenuNode, specs: ActionSpecs): string[] {
  const ids: string[] = targetsOf(node).flatMap(({ target }) => targetError(target) ?? []);
  if (node.kind === 'action') {
    return [...ids, ...Object.keys(specs[node.run]?.refusals ?? {}).map(refusalText)];
  }
  if (node.kind === 'resume') return ids;
  ids.push(node.text);
  if (node.kind === 'input') {
    if (node.again !== undefined) ids.push(node.again);
    const check = INPUT_CHECKS[node.check];
    if (check) ids.push(check.error);
  }
  if (node.kind === 'choices' || node.kind === 'confirm') ids.push(...node.choices.map(({ text }) => text));
  if (node.kind === 'choices' && node.list) {
    ids.push(node.list.item, ...(node.list.empty === undefined ? [] : [node.list.empty]));
  }
  return ids;
}
