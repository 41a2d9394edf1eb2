import { expect } from 'chai';
import { consoleRoutes, mayOpen } from '../../../src/channels/console/index.ts';
import { HOUSE, type SignedIn, STAFF_ROLES, type StaffRole } from '../../../src/domain/staff/index.ts';

const signedIn = (scope: string, ...roles: StaffRole[]) =>
  ({ session: { stage: 'full' }, member: { scope }, roles }) as unknown as SignedIn;

describe('who may open what of the console', () => {
  /** What people of an organisation may open at all; whatever else is added to the table stays shut to them. */
  const OPEN = [
    /^\/console$/,
    /^\/console\/(login|logout|join\/:token)$/,
    /^\/console\/me(\/|$)/,
    /^\/console\/approvals(\/|$)/,
    /^\/console\/audit$/,
    /^\/console\/exports\/(approvals|audit|run\/)/,
    /^\/console\/organisations\/:organisation(\/|$)/,
  ];

  it('shuts every route of the house to all people of an organisation, whatever they are there', () => {
    const open = new Set<string>();
    for (const route of consoleRoutes) {
      for (const role of STAFF_ROLES) {
        if (mayOpen(route, signedIn('an-organisation', role), {}) === undefined) open.add(route.path);
      }
    }
    const unforeseen = [...open].filter((path) => !OPEN.some((pattern) => pattern.test(path)));
    expect(unforeseen).to.deep.equal([]);
    expect(open).to.include('/console/approvals');
    expect(open).not.to.include('/console/payments');
  });

  it('opens an organisation to its own people alone, and hides from others that there is one', () => {
    const route = { allow: ['finance'], allowOrganisation: ['initiator'] } as const;
    const here = { organisation: 'one' };
    expect(mayOpen(route, signedIn('one', 'initiator'), here)).to.equal(undefined);
    expect(mayOpen(route, signedIn('one', 'approver'), here)).to.equal('role');
    expect(mayOpen(route, signedIn('two', 'initiator'), here)).to.equal('nothing');
    expect(mayOpen(route, signedIn('two', 'approver'), here)).to.equal('nothing');
    expect(mayOpen(route, signedIn('one', 'finance'), here), 'a role of the house does not count there').to.equal(
      'role',
    );
    expect(mayOpen(route, signedIn(HOUSE, 'finance'), here)).to.equal(undefined);
    expect(mayOpen(route, signedIn(HOUSE, 'initiator'), here)).to.equal('role');
    expect(mayOpen(route, undefined, here)).to.equal('login');
  });

  it('counts somebody as of no house before his login is complete', () => {
    const half = { ...signedIn('one'), session: { stage: 'second-factor' } } as unknown as SignedIn;
    expect(mayOpen({ allow: 'half' }, half)).to.equal(undefined);
    expect(mayOpen({ allow: 'member', allowOrganisation: 'member' }, half)).to.equal('login');
  });
});
