import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { money } from '../../src/kernel/index.ts';
import { postEntry } from '../../src/money/ledger/index.ts';
import { runCommand } from '../support/command.ts';
import { type Domain, openDomain } from '../support/domain-deps.ts';
import type { Env } from '../support/service.ts';
import { describeOnStores } from '../support/stores.ts';

const run = (command: string, env: Env) => runCommand(command, [], { DATABASE_URL: '', DATA_DIR: '', ...env });

describeOnStores('ledger:check', (stores) => {
  let domain: Domain;
  const address = () => {
    const { databaseUrl, dataDir } = stores();
    return { DATABASE_URL: databaseUrl ?? '', DATA_DIR: dataDir };
  };

  before(async () => {
    domain = await openDomain(stores());
  });
  after(() => domain?.close());

  it('prints the trial balance, and fails when one posting was changed', async () => {
    await domain.deps.database.transaction((tx) =>
      postEntry(domain.deps, tx, {
        kind: 'collected',
        subjectId: 'test',
        movements: [{ debit: 'float:mpesa', credit: 'collected-unposted', amount: money(50_000n, 'KES') }],
      }),
    );
    const good = await run('ledger-check', address());
    expect(good).to.include({ code: 0, err: '' });
    expect(good.out)
      .to.match(/float:mpesa +KES +500\.00/)
      .and.include('Balanced');
    await domain.deps.database.transaction((tx) =>
      tx.manager.query("UPDATE ledger_posting SET amount_minor = amount_minor + 1 WHERE account = 'float:mpesa'"),
    );
    const bad = await run('ledger-check', address());
    expect(bad.code).to.equal(1);
    expect(bad.out)
      .to.include('NOT BALANCED: KES sums to 1 minor units')
      .and.match(/NOT BALANCED: entry \S+/);
  }).timeout(60_000);
});

describe('commands on a store that is not ready', function () {
  this.timeout(60_000);
  let empty: string;
  before(async () => {
    empty = await mkdtemp(join(tmpdir(), 'malipo-commands-'));
  });
  after(() => rm(empty, { recursive: true, force: true }));

  it('say in one line that there is no ledger yet, and find it after the migration', async () => {
    const none = await run('ledger-check', { DATA_DIR: empty });
    expect(none).to.include({ code: 1, out: '' });
    expect(none.err).to.match(/^DATA_DIR \S+: there is no ledger yet\..*npm run migrate.*\n$/);
    expect(await run('migrate', { DATA_DIR: empty })).to.include({ code: 0, out: 'The schema is up to date.\n' });
    const fresh = await run('ledger-check', { DATA_DIR: empty });
    expect(fresh).to.include({ code: 0, err: '' });
    expect(fresh.out).to.include('no postings yet');
  });

  it('say in one line that the database is out of reach, without its password', async () => {
    const { code, err } = await run('ledger-check', { DATABASE_URL: 'mysql://malipo:secret@127.0.0.1:9/malipo' });
    expect(code).to.equal(1);
    expect(err)
      .to.match(/^DATABASE_URL: .+\n$/)
      .and.not.include('secret');
  });
});
