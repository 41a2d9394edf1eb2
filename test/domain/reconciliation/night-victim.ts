import { schema } from '../../../ormconfig.ts';
import { loadBillers } from '../../../src/domain/billers/index.ts';
import { type ReconDeps, reconcileDay } from '../../../src/domain/reconciliation/index.ts';
import { systemRuntime } from '../../../src/kernel/index.ts';
import { type Database, openDatabase } from '../../../src/platform/database/index.ts';
import { makeInbox } from '../../../src/platform/inbox/index.ts';
import { silentLog } from '../../../src/platform/log/index.ts';
import { makeOutbox } from '../../../src/platform/outbox/index.ts';
import { fakeOperator } from '../../support/fake-providers.ts';
import { RULES, TIME_ZONE } from '../../support/recon-world.ts';

// A night that is killed by itself, with the signal that cannot be caught: in a phase, at its n-th commit, before or after it.
const [databaseUrl = '', dataDir = '', day = '', asOf = '', killIn = '', killAt = '', when = ''] =
  process.argv.slice(2);
const real = await openDatabase(systemRuntime, { databaseUrl: databaseUrl || undefined, dataDir }, schema);
let phase = '';
let commits = 0;
const die = () => process.kill(process.pid, 'SIGKILL');
const database: Database = {
  ...real,
  async transaction(work) {
    commits += 1;
    const isTheOne = phase === killIn && commits === Number(killAt);
    const result = await real.transaction(async (tx) => {
      const done = await work(tx);
      if (isTheOne && when === 'before') die();
      return done;
    });
    if (isTheOne) die();
    return result;
  },
};
const outbox = makeOutbox(systemRuntime, database);
const operator = fakeOperator(systemRuntime.clock);
const deps = {
  ...{ runtime: systemRuntime, database, outbox, inbox: makeInbox(systemRuntime, database, outbox), log: silentLog },
  operators: new Map([[operator.name, operator]]),
  billers: loadBillers('menus/billers.yaml'),
  reconSettings: { timeZone: TIME_ZONE, waitDays: 2, toleranceMinor: 0n, rules: RULES },
} as unknown as ReconDeps;
await reconcileDay(
  deps,
  { day, asOf },
  {
    signal: new AbortController().signal,
    report(name, done) {
      if (done > 0 || name === phase) return;
      [phase, commits] = [name, 0];
    },
  },
);
await real.close();
