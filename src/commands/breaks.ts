import { parseArgs } from 'node:util';
import {
  type Break,
  confirmResolution,
  getBreak,
  listBreaks,
  proposeResolution,
  RESOLUTIONS,
  type Resolution,
  rejectResolution,
  takeBreak,
} from '../domain/reconciliation/index.ts';
import { formatDecimal, Refusal, systemRuntime } from '../kernel/index.ts';
import { makeLog } from '../platform/log/index.ts';
import { readConfig } from '../wiring/read-config.ts';
import { openService } from '../wiring/service.ts';

const USAGE = `Usage:
  npm run breaks -- list [--all]                 what somebody must explain, oldest first
  npm run breaks -- show ID                      one of them, with everything that was said about it
  npm run breaks -- take ID --by NAME
  npm run breaks -- propose ID --as ${RESOLUTIONS.join('|')} --by NAME --reason TEXT
  npm run breaks -- confirm ID --by NAME --reason TEXT      by another person than the one who proposed
  npm run breaks -- reject ID --by NAME --reason TEXT
ID: the first column of the list.
`;

const REFUSALS: Readonly<Record<string, string>> = {
  'break.not-found': 'There is no such break.',
  'break.wrong-state': 'It is not in a state for that: `show` says how far it is.',
  'break.maker-is-checker': 'Whoever proposed a resolution cannot confirm or reject it: ask another person.',
  'break.no-name': 'Give the name of the person: --by NAME.',
  'break.no-reason': 'Give a reason: --reason TEXT.',
};

const MOST_LISTED = 500;
const SHORT = 8;

// `npm run breaks`: what reconciliation could not explain, until two people have said what became of it.
const service = await openService(systemRuntime, readConfig(), makeLog('warn'));
try {
  if (!(await obey())) {
    process.stderr.write(USAGE);
    process.exitCode = 2;
  }
} catch (error) {
  if (!(error instanceof Refusal)) throw error;
  process.stderr.write(`${REFUSALS[error.code] ?? error.code} Nothing was changed.\n`);
  process.exitCode = 1;
} finally {
  await service.close();
}

function readArguments() {
  const text = { type: 'string' } as const;
  const options = { all: { type: 'boolean' }, by: text, reason: text, as: text } as const;
  try {
    return parseArgs({ options, allowPositionals: true });
  } catch {
    return undefined;
  }
}

async function obey(): Promise<boolean> {
  const asked = readArguments();
  if (!asked) return false;
  const { by = '', reason = '', as, all } = asked.values;
  const [command = 'list', id, ...rest] = asked.positionals;
  if (rest.length > 0) return false;
  if (command === 'list' && id === undefined) return list(all === true);
  if (id === undefined) return false;
  const { found } = await getBreak(service.deps, id);
  const word = { breakId: found.id, by, reason };
  switch (command) {
    case 'show':
      return show(id);
    case 'take':
      await takeBreak(service.deps, word);
      break;
    case 'propose':
      if (!RESOLUTIONS.includes(as as Resolution)) return false;
      await proposeResolution(service.deps, { ...word, resolution: as as Resolution });
      break;
    case 'confirm':
      await confirmResolution(service.deps, word);
      break;
    case 'reject':
      await rejectResolution(service.deps, word);
      break;
    default:
      return false;
  }
  return show(id);
}

async function list(all: boolean): Promise<boolean> {
  const states = all ? (['open', 'proposed', 'resolved'] as const) : (['open', 'proposed'] as const);
  const breaks = await listBreaks(service.deps, { states, limit: MOST_LISTED });
  const rows = breaks.map((one) => [
    one.id.slice(-SHORT),
    one.state,
    ageOf(one),
    one.day ?? '-',
    one.party ?? '-',
    one.breakType,
    amountOf(one),
    one.owner ?? '-',
    one.suggestedAction ?? '-',
  ]);
  const head = ['ID', 'State', 'Age', 'Day', 'Party', 'Type', 'Amount', 'Owner', 'Usually'];
  process.stdout.write(table(breaks.length > 0 ? [head, ...rows] : []));
  process.stdout.write(
    breaks.length === 0
      ? 'No breaks.\n'
      : `${breaks.length} breaks${breaks.length === MOST_LISTED ? ' (the oldest)' : ''}\n`,
  );
  return true;
}

async function show(id: string): Promise<boolean> {
  const { found, events } = await getBreak(service.deps, id);
  process.stdout.write(
    table([
      ['Break', found.id],
      ['Type', found.breakType],
      ['About', found.subjectId],
      ['Detail', found.detail],
      ['Amount', amountOf(found)],
      ['Day, party', `${found.day ?? '-'}, ${found.party ?? '-'}`],
      ['State', `${found.state}, ${ageOf(found)} old, owner ${found.owner ?? '-'}`],
      ['Usually', found.suggestedAction ?? '-'],
      ['Resolution', found.resolution ?? '-'],
    ]),
  );
  for (const { atMs, actor, fromState, toState, reason } of events) {
    process.stdout.write(`  ${new Date(atMs).toISOString()}  ${fromState} -> ${toState}  ${actor}: ${reason}\n`);
  }
  return true;
}

function ageOf({ openedAtMs }: Break): string {
  const hours = Math.floor((systemRuntime.clock.now() - openedAtMs) / 3_600_000);
  return hours < 48 ? `${hours} h` : `${Math.floor(hours / 24)} d`;
}

function amountOf({ amountMinor, currency }: Break): string {
  if (amountMinor === null || currency === null) return '-';
  const absolute = formatDecimal({ amountMinor: amountMinor < 0n ? -amountMinor : amountMinor, currency });
  return `${currency} ${amountMinor < 0n ? '-' : ''}${absolute}`;
}

function table(rows: readonly (readonly string[])[]): string {
  const widths = rows[0]?.map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0))) ?? [];
  const line = (row: readonly string[]) =>
    row
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd();
  return rows.map((row) => `${line(row)}\n`).join('');
}
