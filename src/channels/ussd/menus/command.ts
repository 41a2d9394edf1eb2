import { join } from 'node:path';
import { TextsError } from '../../../platform/texts/index.ts';
import { ACTION_SPECS, PAYMENT_VARIABLES } from '../actions/index.ts';
import { drawMenu } from './draw-menu.ts';
import { MenuError } from './menu-content.ts';
import { loadMenu, type ProvenMenu } from './prove-menu.ts';
import type { StoredItem } from './stored-values.ts';

/** `npm run menus [directory]`: proves the menus as the service does at its start, and draws them. */
function run(directory: string): number {
  try {
    const { menu, lengths } = prove(directory);
    const nodes = Object.values(menu.source.nodes);
    const screens = nodes.filter((node) => 'text' in node).length;
    const { fullest } = lengths;
    const facts = [
      `${join(directory, 'main.yaml')}: ${nodes.length} nodes, ${screens} screens, languages ${menu.texts.languages.join(' ')}`,
      `${lengths.rendered} screens made with the widest values on every network: all fit`,
      `paged: ${lengths.paged.join(', ') || 'none'}`,
      fullest
        ? `fullest: ${fullest.screen} (${fullest.language}, ${fullest.network}) ${fullest.count} of ${fullest.limit}`
        : '',
      `version ${menu.hash}`,
    ];
    process.stdout.write(
      `${facts
        .filter((fact) => fact !== '')
        .map((fact) => `%% ${fact}`)
        .join('\n')}\n`,
    );
    process.stdout.write(drawMenu(menu.source, ACTION_SPECS));
    return 0;
  } catch (error) {
    if (!(error instanceof MenuError) && !(error instanceof TextsError)) throw error;
    process.stderr.write(`${error.problems.join('\n')}\n${error.problems.length} problems\n`);
    return 1;
  }
}

function prove(directory: string): ProvenMenu {
  return loadMenu(
    directory,
    { specs: ACTION_SPECS, underWayVariables: PAYMENT_VARIABLES },
    {
      defaultLanguage: process.env.DEFAULT_LANGUAGE ?? 'en',
      timeZone: process.env.TIME_ZONE ?? 'Africa/Nairobi',
      currency: process.env.CURRENCY ?? 'KES',
      constants: { serviceCode: process.env.SERVICE_CODE ?? '*384*123#' },
      // The proof takes the widest values, whatever the billers of the day.
      lists: { billers: [] as StoredItem[] },
    },
  );
}

process.exitCode = run(process.argv[2] ?? 'menus');
