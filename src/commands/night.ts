import { parseArgs } from 'node:util';
import { currentDays, daysToReconcile, type ReconTotal, rehearseDay, signDay } from '../domain/reconciliation/index.ts';
import { HOUSE } from '../domain/staff/index.ts';
import { addDays, businessDay, formatDecimal, isDay, Refusal, systemRuntime } from '../kernel/index.ts';
import { makeLog } from '../platform/log/index.ts';
import { tryNight } from '../wiring/night.ts';
import { readConfig } from '../wiring/read-config.ts';
import { openService } from '../wiring/service.ts';
import { makeProgress } from './progress.ts';

const USAGE = `Usage:
  npm run night                                        the night of yesterday
  npm run night -- --day 2026-11-20                    the night of a day
  npm run night -- --day 2026-11-20 --dry-run          what it would find in the statements that are read; nothing is changed
  npm run night -- show --day 2026-11-20               what a day came to
  npm run night -- sign --day 2026-11-20 --party maji-water --version 2 --by "Ann Wanjiru"
                                                       the version that \`show\` has shown
`;

const options = {
  day: { type: 'string' },
  'dry-run': { type: 'boolean' },
  party: { type: 'string' },
  version: { type: 'string' },
  by: { type: 'string' },
} as const;

const ACTOR = { kind: 'command', id: process.env.USER ?? 'unknown', address: '', scope: HOUSE } as const;

// `npm run night`: the night by hand; it does what is missing and nothing twice.
const asked = readArguments();
if (!asked) {
  process.stderr.write(USAGE);
  process.exit(2);
}
const config = readConfig();
const yesterday = addDays(businessDay(systemRuntime.clock.now(), config.business.timeZone), -1);
const day = asked.values.day ?? yesterday;
const stopping = new AbortController();
for (const name of ['SIGINT', 'SIGTERM'] as const) process.once(name, () => stopping.abort());
const service = await openService(systemRuntime, config, makeLog('warn'));
try {
  if (asked.command === 'sign') await sign(asked.values);
  else if (asked.command === 'show') await show();
  else if (asked.values['dry-run']) await rehearse();
  else await run();
} finally {
  await service.close();
}

function readArguments() {
  try {
    const { values, positionals } = parseArgs({ options, allowPositionals: true });
    const [command = 'run', ...rest] = positionals;
    const isComplete =
      command !== 'sign' || (values.party && values.by?.trim() && /^\d{1,9}$/.test(values.version ?? ''));
    const isKnown = ['run', 'show', 'sign'].includes(command) && rest.length === 0;
    return isKnown && isComplete && (values.day === undefined || isDay(values.day)) ? { command, values } : undefined;
  } catch {
    return undefined;
  }
}

async function run(): Promise<void> {
  if (day > yesterday) {
    process.stderr.write(`${day} is not over yet.\n`);
    process.exitCode = 2;
    return;
  }
  const progress = makeProgress(process.stdout);
  try {
    const made = await tryNight(service, { day, signal: stopping.signal, report: progress.report });
    progress.end();
    if (!made) {
      process.stderr.write('Another process is running a night at this moment. Nothing was done.\n');
      process.exitCode = 1;
      return;
    }
    process.stdout.write(
      `${made.length === 0 ? 'Nothing new: every version stands.' : `${made.length} versions were made.`}\n`,
    );
    await show();
  } catch (error) {
    progress.end();
    if (!stopping.signal.aborted) throw error;
    process.stderr.write('Interrupted. Run it again, and it goes on from here.\n');
    process.exitCode = 130;
  }
}

async function rehearse(): Promise<void> {
  for (const each of await daysToReconcile(service.deps, day)) {
    for (const { day: version, totals } of await rehearseDay(service.deps, { day: each, asOf: day }, stopping.signal)) {
      process.stdout.write(
        `${each}  ${version.party}  would be version ${version.version}\n${table(totals, version.currency)}`,
      );
    }
  }
  process.stdout.write('Nothing was changed, and no statement was fetched.\n');
}

async function show(): Promise<void> {
  for (const { day: version, totals, adjustments } of await currentDays(service.deps, day)) {
    const signed = version.signedBy ? `signed by ${version.signedBy}` : 'open';
    process.stdout.write(`\n${version.day}  ${version.party}  version ${version.version}, ${signed}\n`);
    process.stdout.write(table(totals, version.currency));
    for (const change of adjustments) {
      process.stdout.write(
        `  adjustment of ${change.ofDay}: ${change.resultSet} ${change.items}, ours ${amount(change.oursMinor, change.currency)}\n`,
      );
    }
  }
}

async function sign({ party = '', version: seen, by = '' }: NonNullable<typeof asked>['values']): Promise<void> {
  try {
    const { version } = await signDay(service.deps, ACTOR, { day, party, version: Number(seen), by });
    process.stdout.write(`${day} of ${party}, version ${version}, is signed by ${by}. It does not change any more.\n`);
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    const why =
      error.code === 'recon.other-version'
        ? `Version ${error.details.version} of ${day} is open by now, not ${seen}: look at it first.`
        : `${party} has no open version of ${day}.`;
    process.stderr.write(`${why} Nothing was changed.\n`);
    process.exitCode = 1;
  }
}

function table(totals: readonly ReconTotal[], currency: string): string {
  if (totals.length === 0) return '  (nothing)\n';
  const head = `  ${'Set'.padEnd(20)} ${'Items'.padStart(9)} ${'Ours'.padStart(16)} ${'Operator'.padStart(16)} ${'Biller'.padStart(16)}\n`;
  const rows = totals.map(({ resultSet, items, oursMinor, operatorMinor, billerMinor }) => {
    const amounts = [oursMinor, operatorMinor, billerMinor].map((minor) => amount(minor, currency).padStart(16));
    return `  ${resultSet.padEnd(20)} ${String(items).padStart(9)} ${amounts.join(' ')}\n`;
  });
  return head + rows.join('');
}

function amount(amountMinor: bigint, currency: string): string {
  const absolute = formatDecimal({ amountMinor: amountMinor < 0n ? -amountMinor : amountMinor, currency });
  return amountMinor < 0n ? `-${absolute}` : absolute;
}
