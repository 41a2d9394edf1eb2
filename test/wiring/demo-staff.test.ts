import { createHmac } from 'node:crypto';
import { expect } from 'chai';
import { schema } from '../../ormconfig.ts';
import { argon2Pins } from '../../src/domain/customers/index.ts';
import { logIn, STAFF_ROLES, type StaffDeps, StaffMemberSchema } from '../../src/domain/staff/index.ts';
import { systemChance, systemRuntime } from '../../src/kernel/index.ts';
import { type Database, openDatabase } from '../../src/platform/database/index.ts';
import { makeSealing } from '../../src/platform/sealing/index.ts';
import { demoLogins, seedDemoStaff, shutOutDemoStaff } from '../../src/wiring/demo-staff.ts';
import { describeOnStores } from '../support/stores.ts';

describeOnStores('the people of the demo', (stores) => {
  let database: Database;
  let deps: StaffDeps;
  before(async () => {
    database = await openDatabase(systemRuntime, stores(), schema);
    await database.migrate();
    deps = {
      ...{ runtime: systemRuntime, database, pins: argon2Pins, country: 'KE' },
      sealing: makeSealing(Buffer.alloc(32, 7), systemChance),
      auditSigner: { tag: (bytes, length) => createHmac('sha256', 'tests').update(bytes).digest().subarray(0, length) },
    };
  });
  after(() => database?.close());

  const tryAll = () =>
    Promise.all(
      demoLogins(systemRuntime).map(async ({ email, password }) => {
        const answer = await logIn(deps, { email, password, visitor: { address: '127.0.0.1', agent: '' } });
        return answer.kind;
      }),
    );

  it('are one of each role and four of an organisation, made once, and shut out when the simulators are off', async () => {
    await seedDemoStaff(deps);
    await seedDemoStaff(deps);
    expect(await database.reader.count(StaffMemberSchema)).to.equal(STAFF_ROLES.length + 4);
    expect(new Set(await tryAll())).to.deep.equal(new Set(['in']));
    await shutOutDemoStaff(deps);
    await shutOutDemoStaff(deps);
    expect(new Set(await tryAll())).to.deep.equal(new Set(['wrong']));
  });
});
