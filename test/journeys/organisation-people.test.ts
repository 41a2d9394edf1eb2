import { expect } from 'chai';
import { consoleRoutes, mayOpen } from '../../src/channels/console/index.ts';
import { type Approval, ApprovalSchema } from '../../src/domain/approvals/index.ts';
import { AuditEntrySchema } from '../../src/domain/audit/index.ts';
import { ORGANISATION_ROLES, type SignedIn } from '../../src/domain/staff/index.ts';
import { systemRuntime } from '../../src/kernel/index.ts';
import { browserOf, memberOf } from '../support/organisation-people.ts';
import { startService, type TestService } from '../support/service.ts';
import { embeddedStores } from '../support/stores.ts';
import { ORGANISATION_ACTS } from './organisation-roles.ts';

const ours = '0190aaaa-0000-7000-8000-000000000001';
const theirs = '0190aaaa-0000-7000-8000-000000000002';

describe('people of an organisation in the console', () => {
  let town: TestService;
  before(async function () {
    this.timeout(60_000);
    town = await startService(await embeddedStores());
  });
  after(() => town?.stop());

  it('open nothing of the house, and nothing of another organisation', async function () {
    this.timeout(120_000);
    const member = await memberOf(town, { scope: ours, roles: ORGANISATION_ROLES.join(' ') });
    const browser = await browserOf(town, member);
    const signedIn = { session: { stage: 'full' }, member, roles: ORGANISATION_ROLES } as unknown as SignedIn;
    for (const route of consoleRoutes) {
      if (route.allow === 'anyone') continue;
      const path = route.path.replace(':organisation', theirs).replace(/:\w+/g, 'x');
      const params = route.path.includes(':organisation') ? { organisation: theirs } : {};
      const refused = mayOpen(route, signedIn, params);
      if (refused === undefined) continue;
      const page = route.method === 'get' ? await browser.get(path) : await browser.post(path, {});
      expect(page.status, `${route.method} ${path}`).to.equal(refused === 'nothing' ? 404 : 403);
    }
  });

  it('do what the table of their roles says, and nothing else', async function () {
    this.timeout(120_000);
    const within = '/console/organisations/:organisation/';
    const acts = consoleRoutes.filter(({ method, path }) => method === 'post' && path.startsWith(within));
    expect(acts.map(({ path }) => path.slice(within.length)).sort()).to.deep.equal(
      Object.keys(ORGANISATION_ACTS).sort(),
    );
    for (const role of ORGANISATION_ROLES) {
      const browser = await browserOf(town, await memberOf(town, { scope: ours, roles: role }));
      for (const { path } of acts) {
        const may = ORGANISATION_ACTS[path.slice(within.length)]?.includes(role as never) ?? false;
        await browser.get('/console/me');
        const { status } = await browser.post(path.replace(':organisation', ours).replace(/:\w+/g, 'x'), {});
        expect(status === 403, `${path} as ${role}: ${status}`).to.equal(!may);
        expect(status, `${path} as ${role}`).to.be.below(500);
      }
    }
  });

  it('see neither the search nor the places of the house', async () => {
    const browser = await browserOf(town, await memberOf(town, { scope: ours, roles: 'administrator approver' }));
    const { html } = await browser.get('/console/me');
    expect(html).to.include('href="/console/approvals"').and.include('href="/console/audit"');
    expect(html)
      .not.to.include('/console/search')
      .and.not.include('/console/payments')
      .and.not.include('/console/staff"');
  });

  it('see what waits for them, and nobody else’s', async () => {
    const approval = await waiting(ours, 'their own reason');
    await waiting(theirs, 'the reason of others');
    const foreign = await waiting('house', 'a reason of the house');
    const browser = await browserOf(town, await memberOf(town, { scope: ours, roles: 'approver' }));
    const list = await browser.get('/console/approvals');
    expect(list.html).to.include('their own reason').and.not.include('of others').and.not.include('of the house');
    expect((await browser.get(`/console/approvals/${approval.id}`)).status).to.equal(200);
    expect((await browser.get(`/console/approvals/${foreign.id}`)).status).to.equal(404);
  });

  it('read their own part of the audit log, without who of us acted and from where', async () => {
    const administrator = await memberOf(town, { scope: ours, roles: 'administrator', name: 'Wambui Njoroge' });
    const clerk = await memberOf(town, { scope: 'house', roles: 'administrator', name: 'Clerk of the house' });
    await acted(ours, administrator.id, 'their own act', '192.0.2.1');
    await acted(ours, clerk.id, 'an act of the house for them', '192.0.2.2');
    await acted(theirs, clerk.id, 'an act for others', '192.0.2.3');
    const { html } = await (await browserOf(town, administrator)).get('/console/audit');
    expect(html).to.include('their own act').and.include('Wambui Njoroge').and.include('192.0.2.1');
    expect(html).to.include('an act of the house for them').and.include('our staff');
    expect(html).not.to.include('Clerk of the house').and.not.include('192.0.2.2').and.not.include('for others');
    const whole = await (await browserOf(town, clerk)).get('/console/audit');
    expect(whole.html).to.include('an act for others').and.include('their own act').and.include('192.0.2.2');
  });

  async function waiting(scope: string, reason: string): Promise<Approval> {
    const { ids } = systemRuntime;
    const policy = { name: 'one', steps: [{ roles: ['approver'], votes: 1 }] };
    const approval: Approval = {
      ...{ id: ids.next(), kind: 'payout-batch', subjectId: ids.next(), subjectHash: 'a'.repeat(64), scope, reason },
      ...{ amountMinor: 100n, currency: 'KES', state: 'pending', step: 0, policy: JSON.stringify(policy) },
      ...{ makerId: 'somebody', makers: '["somebody"]', submittedAtMs: 1, decidedAtMs: null },
    };
    await town.books.database.transaction((tx) => tx.insert(ApprovalSchema, approval));
    return approval;
  }

  let position = 1_000_000;
  async function acted(scope: string, actorId: string, reason: string, address: string): Promise<void> {
    position += 1;
    await town.books.database.transaction((tx) =>
      tx.insert(AuditEntrySchema, {
        ...{ id: systemRuntime.ids.next(), position, atMs: 1, actorKind: 'staff', actorId, address, scope },
        ...{ act: 'staff.unlocked', subjectKind: 'staff', subjectId: actorId, reason, before: null, after: null },
        ...{ previousHash: 'a'.repeat(64), hash: 'a'.repeat(64) },
      }),
    );
  }
});
