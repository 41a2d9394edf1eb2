import type { ActionSpecs } from './action-spec.ts';
import { edgesOf } from './menu-graph.ts';
import type { MenuNode, MenuSource } from './menu-schema.ts';

/** The menu as a mermaid flowchart: screens, confirmations, actions and ends by their shapes, keys and outcomes on the arrows. */
export function drawMenu(menu: MenuSource, specs: ActionSpecs): string {
  const lines = ['flowchart TD'];
  for (const [id, node] of Object.entries(menu.nodes)) lines.push(`  ${name(id)}${shape(id, node)}`);
  for (const { from, to, label, error } of edgesOf(menu, specs)) {
    // A dotted arrow shows the screen again with a line that says what was wrong.
    lines.push(`  ${name(from)} ${error === undefined ? '-->' : '-.->'}|"${label}"| ${name(to)}`);
  }
  for (const id of [menu.start, menu.entries.resume, menu.entries.underWay])
    lines.push(`  dial((dial)) --> ${name(id)}`);
  return `${lines.join('\n')}\n`;
}

/** Words such as `end` mean something to mermaid. */
const name = (id: string): string => `n_${id.replaceAll('-', '_')}`;

function shape(id: string, node: MenuNode): string {
  switch (node.kind) {
    case 'choices':
      return `["${id}"]`;
    case 'confirm':
      return `{{"${id}"}}`;
    case 'input':
      return node.secret ? `[/"${id} (secret)"/]` : `[/"${id}"/]`;
    case 'action':
      return `[["${id}: ${node.run}"]]`;
    case 'resume':
      return `[["${id}"]]`;
    case 'end':
      return `(["${id}"])`;
  }
}
