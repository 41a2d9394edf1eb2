// A night that is killed by itself, with the signal that cannot be caught: in a phase, at its n-th commit, before or after it.
// Plain JavaScript, so that it also runs on the compiled program, which starts in half the time.
const { files, address, day, settings, operator, killIn, killAt, when } = JSON.parse(process.argv[2]);
const [{ schema }, { loadBillers }, { reconcileDay }, { systemRuntime }, { openDatabase }, inbox, log, { makeOutbox }] =
  await Promise.all(files.map((file) => import(file)));

const real = await openDatabase(systemRuntime, address, schema);
let phase = '';
let commits = 0;
const die = () => process.kill(process.pid, 'SIGKILL');
const database = {
  ...real,
  async transaction(work) {
    commits += 1;
    const isTheOne = phase === killIn && commits === killAt;
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
const deps = {
  ...{ runtime: systemRuntime, database, outbox, inbox: inbox.makeInbox(systemRuntime, database, outbox) },
  ...{
    log: log.silentLog,
    operators: new Map([[operator.name, operator]]),
    payoutOperators: new Map(),
    billers: loadBillers('menus/billers.yaml'),
  },
  reconSettings: { ...settings, toleranceMinor: 0n },
};
const report = (name, done) => {
  if (done > 0 || name === phase) return;
  [phase, commits] = [name, 0];
};
await reconcileDay(deps, { day, asOf: day }, { signal: new AbortController().signal, report });
await real.close();
