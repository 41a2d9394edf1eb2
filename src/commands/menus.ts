import { existsSync } from 'node:fs';
import { join } from 'node:path';
import {
  ACTION_SPECS,
  drawMenu,
  loadMenu,
  MenuError,
  PAYMENT_VARIABLES,
  type ProvenMenu,
} from '../channels/ussd/index.ts';
import { TextsError } from '../platform/texts/index.ts';
import { loadAllTexts, MENUS_DIRECTORY } from '../wiring/menus.ts';

if (existsSync('.env')) process.loadEnvFile('.env');
const OPTIONS = {
  defaultLanguage: process.env.DEFAULT_LANGUAGE || 'en',
  timeZone: process.env.TIME_ZONE || 'Africa/Nairobi',
};

/** `npm run menus [directory]`: proves menus and texts as the service does at its start, and draws the menus. */
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
  const proven = loadMenu(
    directory,
    { specs: ACTION_SPECS, underWayVariables: PAYMENT_VARIABLES },
    {
      ...OPTIONS,
      currency: process.env.CURRENCY || 'KES',
      constants: { serviceCode: process.env.SERVICE_CODE || '*384*123#' },
      // The proof takes the widest values, whatever the billers of the day.
      lists: { billers: [] },
    },
  );
  loadAllTexts(OPTIONS, directory);
  return proven;
}

process.exitCode = run(process.argv[2] ?? MENUS_DIRECTORY);
