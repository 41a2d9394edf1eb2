import { parseArgs } from 'node:util';
import { estimateReminders, type PlanProgress, planReminders } from '../domain/reminders/index.ts';
import { businessDay, formatDecimal, isDay, systemRuntime } from '../kernel/index.ts';
import { makeLog } from '../platform/log/index.ts';
import { readConfig } from '../wiring/read-config.ts';
import { openService } from '../wiring/service.ts';

// `npm run reminders -- [--dry-run] [--day 2026-11-20] [--show 20]`: plans today's reminders, or says what a day's would be.
const SHOWN = 20;
const options = read();
if (options) await run(options);

interface Options {
  dryRun: boolean;
  day: string | undefined;
  show: number;
}

function read(): Options | undefined {
  try {
    const { values } = parseArgs({
      options: { 'dry-run': { type: 'boolean' }, day: { type: 'string' }, show: { type: 'string' } },
    });
    const { day, show = String(SHOWN) } = values;
    if ((day === undefined || isDay(day)) && /^\d{1,6}$/.test(show)) {
      return { dryRun: values['dry-run'] ?? false, day, show: Number(show) };
    }
  } catch {
    // Said below.
  }
  process.stderr.write('Usage: npm run reminders -- [--dry-run] [--day 2026-11-20] [--show 20]\n');
  process.exitCode = 2;
  return undefined;
}

async function run({ dryRun, day, show }: Options): Promise<void> {
  const config = readConfig();
  if (!config.reminders.stopNumber)
    return fail('REMINDER_STOP_NUMBER is not set: every reminder names where STOP goes.');
  const today = businessDay(systemRuntime.clock.now(), config.business.timeZone);
  if (!dryRun && !config.reminders.on) return fail('REMINDERS is off. --dry-run says what would be sent.');
  if (!dryRun && day !== undefined && day !== today)
    return fail(`Only today (${today}) can be planned; --dry-run takes any day.`);
  const service = await openService(systemRuntime, config, makeLog('warn'));
  try {
    if (dryRun) await estimate(service.deps, { day: day ?? today, show });
    else await plan(service.deps, today);
  } finally {
    await service.close();
  }
}

function fail(why: string): void {
  process.stderr.write(`${why}\n`);
  process.exitCode = 1;
}

type Deps = Parameters<typeof planReminders>[0];

function showProgress({ billerId, stage, bills, planned }: PlanProgress): void {
  const line = `${billerId} ${stageName(stage)}: ${bills} bills, ${planned} reminders`;
  if (process.stderr.isTTY) process.stderr.write(`\r${line.padEnd(70)}`);
}

function endProgress(): void {
  if (process.stderr.isTTY) process.stderr.write(`\r${' '.repeat(70)}\r`);
}

async function plan(deps: Deps, day: string): Promise<void> {
  const { bills, planned, notOffered, unread } = await planReminders(deps, { day, onProgress: showProgress });
  endProgress();
  tellSources(notOffered, unread);
  process.stdout.write(
    `${day}: ${planned} reminders planned of ${bills} bills. The worker sends them within REMINDER_HOURS.\n`,
  );
}

async function estimate(deps: Deps, { day, show }: { day: string; show: number }): Promise<void> {
  const told = await estimateReminders(deps, { day, show, onProgress: showProgress });
  endProgress();
  tellSources(told.notOffered, told.unread);
  const { bills, messages, segments, cost, byLanguage, byStage, recipients, lastsMs } = told;
  const lines = [
    `${day}: ${messages} reminders of ${bills} bills, ${segments} parts, ${cost.currency} ${formatDecimal(cost)}`,
    `At the pace that is set they go out within ${Math.ceil(lastsMs / 60_000)} minutes.`,
    ...[...byStage].map(([stage, count]) => `  ${stageName(stage).padEnd(24)} ${count}`),
    ...[...byLanguage].map(([language, count]) => `  ${language.padEnd(24)} ${count}`),
    ...recipients.map((msisdn) => `  to ${msisdn}`),
    ...(messages > recipients.length ? [`  and ${messages - recipients.length} more`] : []),
    'Nothing was sent. Who pays or sends STOP before his turn comes gets none.',
  ];
  process.stdout.write(`${lines.join('\n')}\n`);
}

function stageName(stage: number): string {
  if (stage === 0) return 'on the due date';
  return stage < 0 ? `${-stage} days before` : `${stage} days after`;
}

function tellSources(notOffered: readonly string[], unread: readonly { billerId: string; why: string }[]): void {
  for (const id of notOffered) process.stderr.write(`${id} does not tell its bills.\n`);
  for (const { billerId, why } of unread) process.stderr.write(`${billerId}: its bills could not be read: ${why}\n`);
  if (unread.length > 0) process.exitCode = 1;
}
