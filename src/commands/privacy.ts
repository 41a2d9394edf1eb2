import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { exportPerson } from '../domain/privacy/index.ts';
import {
  enforceRetention,
  type Forgotten,
  rehearseRetention,
  retentionKinds,
  retentionReport,
} from '../domain/retention/index.ts';
import { HOUSE } from '../domain/staff/index.ts';
import { parseMsisdn, systemRuntime } from '../kernel/index.ts';
import { makeLog } from '../platform/log/index.ts';
import { consoleDomain } from '../wiring/console.ts';
import { readConfig } from '../wiring/read-config.ts';
import { retentionDeps } from '../wiring/retention.ts';
import { openService } from '../wiring/service.ts';

const USAGE = `Usage: npm run privacy -- export NUMBER REASON  writes everything that is kept of a number, as JSON; it is recorded
       npm run privacy -- retention             forgets what is past its time, as the worker does every night
       npm run privacy -- retention --dry-run   says what that would be, and changes nothing
       npm run privacy -- report                what was forgotten on the last days
`;

const ACTOR = { kind: 'command', id: process.env.USER ?? 'unknown', address: '', scope: HOUSE } as const;

const [command = '', ...options] = process.argv.slice(2);
if (command === 'retention' && options.every((option) => option === '--dry-run')) {
  await run((deps) =>
    options.length > 0 ? rehearseRetention(deps) : enforceRetention(deps, new AbortController().signal),
  );
} else if (command === 'export' && options.length >= 2) await exportOne(options[0] ?? '', options.slice(1).join(' '));
else if (command === 'report' && options.length === 0) await report();
else {
  process.stderr.write(USAGE);
  process.exitCode = 2;
}

async function run(work: (deps: ReturnType<typeof retentionDeps>) => Promise<Forgotten[]>): Promise<void> {
  const config = readConfig();
  const service = await openService(systemRuntime, config, makeLog('warn'));
  try {
    const days = new Map(retentionKinds(config.retention).map(({ name, days }) => [name, days]));
    days.set('statements', config.retention.statementDays);
    const found = new Map((await work(retentionDeps(service))).map((one) => [one.kind, one]));
    for (const [kind, kept] of days) {
      const { forgotten = 0, held = 0 } = found.get(kind) ?? {};
      write([kind, `${kept} days`, `${forgotten} ${options.length > 0 ? 'would go' : 'today'}`, `${held} held`]);
    }
  } finally {
    await service.close();
  }
}

async function exportOne(number: string, reason: string): Promise<void> {
  const service = await openService(systemRuntime, readConfig(), makeLog('warn'));
  try {
    const msisdn = parseMsisdn(number, service.config.business.country);
    if (!msisdn) {
      process.stderr.write('That is no mobile number.\n');
      process.exitCode = 2;
      return;
    }
    await pipeline(
      Readable.from(await exportPerson(consoleDomain(service), ACTOR, { msisdn, reason })),
      process.stdout,
    );
  } finally {
    await service.close();
  }
}

const REPORTED_DAYS = 14;

async function report(): Promise<void> {
  const service = await openService(systemRuntime, readConfig(), makeLog('warn'));
  try {
    for (const { day, kind, forgotten, held } of await retentionReport(service.deps.database, REPORTED_DAYS)) {
      write([day, kind, `${forgotten} forgotten`, `${held} held`]);
    }
  } finally {
    await service.close();
  }
}

function write(cells: readonly string[]): void {
  process.stdout.write(
    `${cells
      .map((cell) => cell.padEnd(18))
      .join('')
      .trimEnd()}\n`,
  );
}
