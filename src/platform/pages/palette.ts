import { readFileSync } from 'node:fs';
import { invariant } from '../../kernel/index.ts';
import { PAGE_FILES } from './static-files.ts';

/** The colours of page.css by their names, for what is drawn and cannot have the stylesheet. */
export function pageColours(): { light: Record<string, string>; dark: Record<string, string> } {
  const css = readFileSync(new URL('page.css', PAGE_FILES), 'utf8');
  const [first = '', second = ''] = [...css.matchAll(/:root \{([^}]*)\}/g)].map(([, body]) => body);
  const light = coloursIn(first);
  const dark = coloursIn(second);
  invariant(Object.keys(light).length > 5, 'page.css names its colours first');
  return { light, dark: { ...light, ...dark } };
}

function coloursIn(rules: string): Record<string, string> {
  return Object.fromEntries(
    [...rules.matchAll(/--([a-z-]+): (#[0-9a-f]{6});/g)].map(([, name, colour]) => [name, colour]),
  );
}
