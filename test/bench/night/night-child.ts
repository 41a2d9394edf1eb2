import { schema } from '../../../ormconfig.ts';
import { loadBillers } from '../../../src/domain/billers/index.ts';
import { importStatement, type ReconDeps, reconcileDay } from '../../../src/domain/reconciliation/index.ts';
import { systemRuntime } from '../../../src/kernel/index.ts';
import { openDatabase } from '../../../src/platform/database/index.ts';
import { makeInbox } from '../../../src/platform/inbox/index.ts';
import { silentLog } from '../../../src/platform/log/index.ts';
import { makeOutbox } from '../../../src/platform/outbox/index.ts';
import { fakeOperator } from '../../support/fake-providers.ts';
import { RULES } from '../../support/recon-world.ts';
import { DAY, fileSource, TIME_ZONE } from './planted-files.ts';

// The night as the service does it, in a process of its own, so that its memory is its own: read, match, settle, open breaks.
const [databaseUrl = '', dataDir = '', operatorFile = '', billerFile = ''] = process.argv.slice(2);
const database = await openDatabase(systemRuntime, { databaseUrl: databaseUrl || undefined, dataDir }, schema);
const outbox = makeOutbox(systemRuntime, database);
const operator = fakeOperator(systemRuntime.clock);
const deps = {
  ...{ runtime: systemRuntime, database, outbox, inbox: makeInbox(systemRuntime, database, outbox), log: silentLog },
  operators: new Map([[operator.name, operator]]),
  payoutOperators: new Map(),
  billers: loadBillers('menus/billers.yaml'),
  reconSettings: { timeZone: TIME_ZONE, waitDays: 2, toleranceMinor: 0n, rules: RULES },
} as unknown as ReconDeps;

const seconds: Record<string, number> = {};
const memory: { phase: string; bytes: number }[] = [];
let phase = 'start';
let sinceMs = performance.now();
const enter = (next: string) => {
  const now = performance.now();
  seconds[phase] = (seconds[phase] ?? 0) + (now - sinceMs) / 1_000;
  [phase, sinceMs] = [next, now];
};
const sampling = setInterval(() => memory.push({ phase, bytes: process.memoryUsage.rss() }), 100);

for (const source of [fileSource('operator', 'mpesa', operatorFile), fileSource('biller', 'maji-water', billerFile)]) {
  enter(`read ${source.side}`);
  const read = await importStatement(deps, source);
  if (read.kind !== 'complete') throw new Error(`the ${source.side}'s statement was not read: ${read.problem}`);
}
enter('inputs');
await reconcileDay(
  deps,
  { day: DAY, asOf: DAY },
  { signal: new AbortController().signal, report: (name) => enter(name) },
);
enter('end');
clearInterval(sampling);
await database.close();
// Not before it is out: what is longer than the pipe holds would be cut off by the end.
process.send?.({ seconds, memory }, () => process.disconnect?.());
