import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { Page } from 'playwright-core';

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
/** What light and dark may differ in. */
const OF_COLOURS = ['color-contrast', 'link-in-text-block'];

/** What axe finds on a page that keeps somebody from using it, as `rule: element, what to do`. */
export async function findings(page: Page, rules?: readonly string[]): Promise<string[]> {
  const options = { resultTypes: ['violations'], ...(rules ? { runOnly: rules } : {}) };
  // Through the debugger, which the policy of the page does not hold back. Once a page, and nothing comes back: it is large both ways.
  if (!(await page.evaluate('"axe" in window'))) await page.evaluate(`(() => { ${AXE} })()`);
  return page.evaluate(`axe.run(document, ${JSON.stringify(options)}).then(({ violations }) => violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .flatMap(({ id, nodes }) => nodes.map(({ html, failureSummary }) => id + ': ' + html + ' ' + failureSummary)))`);
}

/** The same in light and in dark. */
export async function findingsInBoth(page: Page): Promise<string[]> {
  await page.emulateMedia({ colorScheme: 'light' });
  const light = await findings(page);
  await page.emulateMedia({ colorScheme: 'dark' });
  const dark = await findings(page, OF_COLOURS);
  await page.emulateMedia({ colorScheme: 'light' });
  return [...light.map((what) => `light: ${what}`), ...dark.map((what) => `dark: ${what}`)];
}
