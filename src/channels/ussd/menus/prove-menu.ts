import { join } from 'node:path';
import type { ActionSpecs } from './action-spec.ts';
import { type CompiledMenu, compileMenu, type MenuOptions } from './compiled-menu.ts';
import { MENU_FILE, type MenuContent, MenuError, readMenu } from './menu-content.ts';
import { edgesOf } from './menu-graph.ts';
import { proveGraph } from './prove-graph.ts';
import { type Lengths, proveLengths } from './prove-lengths.ts';
import { proveVariables } from './prove-variables.ts';
import { widestLists } from './widest-values.ts';

/** What the code brings to a menu. */
export interface MenuParts {
  specs: ActionSpecs;
  /** Variables that are set when a payment under way is shown at the start of a session. */
  underWayVariables: readonly string[];
}

export interface ProvenMenu {
  menu: CompiledMenu;
  lengths: Lengths;
}

/** Reads, compiles and proves a menu directory. Throws `MenuError` or `TextsError` with every problem found. */
export function loadMenu(directory: string, parts: MenuParts, options: MenuOptions): ProvenMenu {
  return proveMenu(readMenu(directory, parts.specs), parts, options, join(directory, MENU_FILE));
}

/** Proves that a menu holds together; the lengths only once its shape does, for they need every text and variable. */
export function proveMenu(content: MenuContent, parts: MenuParts, options: MenuOptions, file: string): ProvenMenu {
  const menu = compileMenu(content, options);
  const edges = edgesOf(content.menu, parts.specs);
  const shape = [
    ...proveGraph(content.menu, parts.specs, edges),
    ...proveVariables(content.menu, parts.specs, menu.texts, edges, parts.underWayVariables),
    ...proveLists(menu, options),
  ];
  if (shape.length > 0) throw new MenuError(shape.map((problem) => `${file}: ${problem}`));
  // The lists of the day may be short: the lengths are proven with the longest that the menu allows.
  const fullest = compileMenu(content, { ...options, lists: widestLists(menu) }, menu.texts);
  const lengths = proveLengths(fullest, parts.specs, edges, file);
  if (lengths.problems.length > 0) throw new MenuError(lengths.problems);
  return { menu, lengths };
}

/** Lists that the service gives must be given, and not be longer than the menu has keys for. */
function proveLists({ source }: CompiledMenu, { lists }: MenuOptions): string[] {
  return Object.entries(source.variables).flatMap(([name, variable]) => {
    if (variable.kind !== 'list' || variable.from !== 'service') return [];
    const given = lists[name];
    if (!given) return [`list ${name} is not one that the service gives`];
    return given.length > variable.most ? [`list ${name} has ${given.length} items, more than ${variable.most}`] : [];
  });
}
