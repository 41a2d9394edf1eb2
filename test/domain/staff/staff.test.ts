import { createHmac } from 'node:crypto';
import { expect } from 'chai';
import { generate } from 'otplib';
import { schema } from '../../../ormconfig.ts';
import { AuditEntrySchema } from '../../../src/domain/audit/index.ts';
import { argon2Pins } from '../../../src/domain/customers/index.ts';
import {
  acceptInvitation,
  changeRoles,
  confirmApp,
  endSession,
  enterCode,
  findInvited,
  findSession,
  inviteAgain,
  inviteStaff,
  listSessions,
  logIn,
  type NewStaff,
  offerApp,
  type SignedIn,
  type StaffDeps,
  StaffMemberSchema,
  setDisabled,
  unlockStaff,
} from '../../../src/domain/staff/index.ts';
import { makeRuntime, systemChance } from '../../../src/kernel/index.ts';
import { type Database, openDatabase } from '../../../src/platform/database/index.ts';
import { makeSealing } from '../../../src/platform/sealing/index.ts';
import { newMsisdn } from '../../support/domain-deps.ts';
import { type ManualClock, manualClock } from '../../support/manual-clock.ts';
import { describeOnStores } from '../../support/stores.ts';
import { refusalOf } from '../../support/stories.ts';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const PASSWORD = 'correct horse battery';
const visitor = { address: '127.0.0.1', agent: 'a browser' };
const command = { kind: 'command', id: 'root', address: '', scope: 'house' } as const;

describeOnStores('staff', (stores) => {
  let clock: ManualClock;
  let database: Database;
  let deps: StaffDeps;
  let people = 0;
  before(async () => {
    clock = manualClock();
    const runtime = makeRuntime(clock, systemChance);
    database = await openDatabase(runtime, stores(), schema);
    await database.migrate();
    const key = Buffer.alloc(32, 7);
    deps = {
      ...{ runtime, database, sealing: makeSealing(key, systemChance), pins: argon2Pins, country: 'KE' },
      auditSigner: { tag: (bytes, length) => createHmac('sha256', key).update(bytes).digest().subarray(0, length) },
    };
  });
  after(() => database?.close());

  const draft = (change: Partial<NewStaff> = {}): NewStaff => {
    people += 1;
    const roles = ['support'];
    return {
      ...{ email: `amina${people}@example.org`, name: 'Amina Wanjiru', phone: newMsisdn(), language: 'en', roles },
      ...{ scope: 'house', ...change },
    };
  };
  const invite = (change?: Partial<NewStaff>) => inviteStaff(deps, command, draft(change));
  const signedIn = async (token: string): Promise<SignedIn> => {
    const session = await findSession(deps, token);
    if (!session) throw new Error('a session was expected');
    return session;
  };
  const codeOf = (secret: string, offsetMs = 0) =>
    generate({ secret, epoch: Math.floor((clock.now() + offsetMs) / 1_000) });
  const nextCode = async (secret: string) => {
    await clock.advance(31_000);
    return codeOf(secret);
  };

  /** Somebody who has joined, with an authenticator app. */
  async function join(change?: Partial<NewStaff>) {
    const { member, token } = await invite(change);
    const begun = await acceptInvitation(deps, { token, password: PASSWORD, visitor });
    const { secret } = await offerApp(deps, await signedIn(begun.token));
    const confirmed = await confirmApp(deps, await signedIn(begun.token), { code: await codeOf(secret), visitor });
    if (confirmed.kind !== 'in') throw new Error('the code was right');
    return { member, secret, ...confirmed };
  }

  const tryPassword = (email: string, password = PASSWORD) => logIn(deps, { email, password, visitor });

  async function logInHalf(email: string): Promise<SignedIn> {
    const half = await tryPassword(email);
    if (half.kind !== 'in') throw new Error(`a login was expected, not ${half.kind}`);
    return signedIn(half.token);
  }

  describe('an invitation', () => {
    it('lets its holder choose a password, once', async () => {
      const { member, token } = await invite();
      expect(await findInvited(deps, token)).to.include({ id: member.id });
      const { stage } = await acceptInvitation(deps, { token, password: PASSWORD, visitor });
      expect(stage).to.equal('enrol');
      const again = acceptInvitation(deps, { token, password: 'another password', visitor });
      expect((await refusalOf(again)).code).to.equal('staff.no-invitation');
    });

    it('is taken once by two at the same moment', async () => {
      const { token } = await invite();
      const accept = () => acceptInvitation(deps, { token, password: PASSWORD, visitor });
      const both = await Promise.allSettled([accept(), accept()]);
      expect(both.map(({ status }) => status).sort()).to.deep.equal(['fulfilled', 'rejected']);
    });

    it('ends after three days', async () => {
      const { token } = await invite();
      await clock.advance(72 * HOUR_MS);
      expect(await findInvited(deps, token)).to.equal(undefined);
    });

    it('takes no password that is short, or that is the login itself', async () => {
      const { member, token } = await invite();
      for (const [password, code] of [
        ['short', 'staff.password-short'],
        ['aaaaaaaaaaaaaaaa', 'staff.password-weak'],
        [`${member.email}`, 'staff.password-weak'],
        ['aminawanjiru1', 'staff.password-weak'],
      ] as const) {
        const refused = await refusalOf(acceptInvitation(deps, { token, password, visitor }));
        expect(refused.code, password).to.equal(code);
      }
    });

    it('refuses what is malformed, and what is taken', async () => {
      const { member } = await invite();
      for (const [change, code] of [
        [{ email: 'no address' }, 'staff.malformed-email'],
        [{ phone: '12' }, 'staff.malformed-phone'],
        [{ name: ' ' }, 'staff.malformed-name'],
        [{ roles: [] }, 'staff.no-role'],
        [{ roles: ['support', 'king'] }, 'staff.no-role'],
        [{ email: member.email.toUpperCase() }, 'staff.email-taken'],
        [{ phone: member.phone }, 'staff.phone-taken'],
      ] as [Partial<NewStaff>, string][]) {
        expect((await refusalOf(invite(change))).code, JSON.stringify(change)).to.equal(code);
      }
    });

    it('knows that two logins are one person', async () => {
      const { member } = await invite();
      const other = await invite({ phone: member.phone, scope: 'organisation-1', roles: ['initiator'] });
      expect(other.member.personId).to.equal(member.personId);
      expect(other.member.id).not.to.equal(member.id);
    });
  });

  describe('a login', () => {
    it('takes password, then code, and is another session after each', async () => {
      const { member, secret, token } = await join();
      expect((await signedIn(token)).roles).to.deep.equal(['support']);
      const half = await logInHalf(member.email.toUpperCase());
      expect(half.session.stage).to.equal('second-factor');
      expect(half.roles, 'half a login may do nothing').to.deep.equal([]);
      const full = await enterCode(deps, half, { code: await nextCode(secret), visitor });
      expect(full).to.include({ kind: 'in', stage: 'full' });
      const after = await logInHalf(member.email);
      expect(after.session.id).not.to.equal(half.session.id);
      expect((await listSessions(deps, member.id)).map(({ id }) => id)).not.to.include(half.session.id);
    });

    it('takes a code once', async () => {
      const { member, secret } = await join();
      const code = await nextCode(secret);
      expect(await enterCode(deps, await logInHalf(member.email), { code, visitor })).to.include({ kind: 'in' });
      expect(await enterCode(deps, await logInHalf(member.email), { code, visitor })).to.include({ kind: 'wrong' });
    });

    it('takes a recovery code once, however it is spelt', async () => {
      const { member, recoveryCodes } = await join();
      expect(recoveryCodes).to.have.length(10);
      const code = (recoveryCodes[3] as string).toUpperCase().replaceAll('-', ' ');
      expect(await enterCode(deps, await logInHalf(member.email), { code, visitor })).to.include({ kind: 'in' });
      expect(await enterCode(deps, await logInHalf(member.email), { code, visitor })).to.include({ kind: 'wrong' });
    });

    it('says the same of an unknown email, a wrong password and a login that may not', async () => {
      const { member } = await join();
      expect(await tryPassword('nobody@example.org')).to.deep.equal({ kind: 'wrong' });
      expect(await tryPassword(member.email, 'wrong')).to.deep.equal({ kind: 'wrong' });
      await setDisabled(deps, command, { memberId: member.id, scope: 'house', reason: 'left', disabled: true });
      expect(await tryPassword(member.email)).to.deep.equal({ kind: 'wrong' });
    });

    it('is locked after five wrong tries of password and code together, for twice as long the next time', async () => {
      const { member, secret } = await join();
      for (let count = 0; count < 3; count += 1) await tryPassword(member.email, 'wrong');
      const half = await logInHalf(member.email);
      expect(await enterCode(deps, half, { code: '000000', visitor })).to.deep.equal({ kind: 'wrong' });
      const lockedMs = clock.now() + 5 * MINUTE_MS;
      const fifth = await enterCode(deps, half, { code: '000000', visitor });
      expect(fifth).to.deep.equal({ kind: 'locked', untilMs: lockedMs });
      expect(await tryPassword(member.email), 'the right one neither').to.deep.equal({
        kind: 'locked',
        untilMs: lockedMs,
      });
      await clock.advance(5 * MINUTE_MS + 1);
      for (let count = 0; count < 4; count += 1) await tryPassword(member.email, 'wrong');
      const tenth = await tryPassword(member.email, 'wrong');
      expect(tenth).to.deep.equal({ kind: 'locked', untilMs: clock.now() + 10 * MINUTE_MS });
      await unlockStaff(deps, command, { memberId: member.id, scope: 'house', reason: 'called' });
      const code = await nextCode(secret);
      expect(await enterCode(deps, await logInHalf(member.email), { code, visitor })).to.include({ kind: 'in' });
    });

    it('may do nothing but set up the app when its roles need one', async () => {
      const { member, token } = await invite({ roles: ['auditor'] });
      const begun = await acceptInvitation(deps, { token, password: PASSWORD, visitor });
      expect(begun.stage).to.equal('full');
      const change = { memberId: member.id, scope: 'house', reason: 'new work', roles: ['finance'] };
      await changeRoles(deps, command, change);
      expect(await findSession(deps, begun.token), 'the old session ended').to.equal(undefined);
      const half = await logInHalf(member.email);
      expect(half.session.stage).to.equal('enrol');
      expect(half.roles).to.deep.equal([]);
      const { secret } = await offerApp(deps, half);
      expect((await offerApp(deps, half)).secret, 'a reload shows the same').to.equal(secret);
      expect(await confirmApp(deps, half, { code: '000000', visitor })).to.deep.equal({ kind: 'wrong' });
      expect(await confirmApp(deps, half, { code: await codeOf(secret), visitor })).to.include({ kind: 'in' });
    });

    it('cannot put another app in the place of the one it was asked for', async () => {
      const { member } = await join();
      const half = await logInHalf(member.email);
      expect((await refusalOf(offerApp(deps, half))).code).to.equal('staff.no-offer');
    });
  });

  describe('a session', () => {
    it('ends when it is idle for half an hour, and after twelve hours however busy it is', async () => {
      const { token } = await join();
      await clock.advance(29 * MINUTE_MS);
      await signedIn(token);
      await clock.advance(30 * MINUTE_MS);
      expect(await findSession(deps, token)).to.equal(undefined);
      const busy = await join();
      for (let count = 0; count < 28; count += 1) {
        await clock.advance(25 * MINUTE_MS);
        await signedIn(busy.token);
      }
      await clock.advance(25 * MINUTE_MS);
      expect(await findSession(deps, busy.token)).to.equal(undefined);
    });

    it('is listed, and ended by its owner or an administrator', async () => {
      const { member, token } = await join();
      const [only] = await listSessions(deps, member.id);
      expect(only).to.include(visitor);
      const end = () => endSession(deps, command, { sessionId: only?.id ?? '', memberId: member.id });
      await end();
      expect(await findSession(deps, token)).to.equal(undefined);
      expect((await refusalOf(end())).code).to.equal('staff.no-session');
    });

    it('is no session for whatever else is in a cookie', async () => {
      for (const token of ['', 'x', 'f'.repeat(64), "' OR 1=1 --"]) {
        expect(await findSession(deps, token)).to.equal(undefined);
      }
    });
  });

  describe('an administrator', () => {
    it('gives nobody’s roles to himself, and does not shut himself out', async () => {
      const { member } = await join({ roles: ['administrator'] });
      const own = { kind: 'staff', id: member.id, address: '127.0.0.1', scope: 'house' } as const;
      const change = { memberId: member.id, scope: 'house', reason: 'mine' };
      for (const act of [
        () => changeRoles(deps, own, { ...change, roles: ['administrator', 'finance'] }),
        () => setDisabled(deps, own, { ...change, disabled: true }),
        () => unlockStaff(deps, own, change),
        () => inviteAgain(deps, own, change),
      ]) {
        expect((await refusalOf(act())).code).to.equal('staff.own');
      }
    });

    it('sees nobody of another scope', async () => {
      const { member } = await join();
      const change = { memberId: member.id, scope: 'organisation-1', reason: 'curious', roles: ['auditor'] };
      expect((await refusalOf(changeRoles(deps, command, change))).code).to.equal('staff.not-found');
    });

    it('ends sessions, password, app and recovery codes by inviting again', async () => {
      const { member, token, recoveryCodes } = await join();
      const again = await inviteAgain(deps, command, { memberId: member.id, scope: 'house', reason: 'lost phone' });
      expect(await findSession(deps, token)).to.equal(undefined);
      expect(await tryPassword(member.email)).to.deep.equal({ kind: 'wrong' });
      const begun = await acceptInvitation(deps, { token: again.token, password: PASSWORD, visitor });
      expect(begun.stage).to.equal('enrol');
      const { secret } = await offerApp(deps, await signedIn(begun.token));
      await confirmApp(deps, await signedIn(begun.token), { code: await codeOf(secret), visitor });
      const half = await logInHalf(member.email);
      const code = recoveryCodes[0] as string;
      expect(await enterCode(deps, half, { code, visitor })).to.deep.equal({ kind: 'wrong' });
    });
  });

  it('keeps no secret in words, and every act in the audit log', async () => {
    const { member, secret, token, recoveryCodes } = await join();
    const rows: unknown[] = [];
    for (const { tableName } of database.reader.connection.entityMetadatas) {
      if (/^(staff|audit)/.test(tableName)) rows.push(await database.reader.query(`SELECT * FROM ${tableName}`));
    }
    const text = JSON.stringify(rows, (_, value) => (typeof value === 'bigint' ? String(value) : value));
    for (const hidden of [PASSWORD, secret, token, ...recoveryCodes]) expect(text).not.to.include(hidden);
    const acts = await database.reader.findBy(AuditEntrySchema, { subjectId: member.id });
    const names = acts.sort((a, b) => a.position - b.position).map(({ act }) => act);
    expect(names).to.deep.equal(['staff.invited', 'staff.joined', 'staff.app-set-up', 'staff.logged-in']);
    expect(await database.reader.findOneBy(StaffMemberSchema, { id: member.id })).to.include({ state: 'active' });
  });
});
