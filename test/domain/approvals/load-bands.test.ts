import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { loadApprovalBands, policyFor } from '../../../src/domain/approvals/index.ts';
import { STAFF_ROLES } from '../../../src/domain/staff/index.ts';
import { kes } from '../../support/fake-providers.ts';

const KNOWN = { roles: STAFF_ROLES, currency: 'KES' };

describe('the file of approvals', () => {
  let folder = '';
  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'approvals-'));
  });
  after(() => rmSync(folder, { recursive: true, force: true }));

  const load = (text: string, known: Parameters<typeof loadApprovalBands>[1] = KNOWN) => {
    const path = join(folder, 'approvals.yaml');
    writeFileSync(path, text);
    return loadApprovalBands(path, known);
  };
  const bands = (change: string) => `refund:\n  currency: KES\n  bands:\n${change}`;
  const one = '    - { name: all, steps: [{ roles: [finance], votes: 1 }] }\n';

  it('of the demo asks for more the more money it is, and leaves no amount without a band', () => {
    const refund = loadApprovalBands('menus/approvals.yaml', KNOWN).get('refund');
    const named = [1, 10_000, 10_001, 100_000, 100_001, 900_000_000].map(
      (major) => refund && policyFor(refund, kes(major))?.name,
    );
    expect(named).to.deep.equal(['small', 'small', 'middle', 'middle', 'large', 'large']);
  });

  it('is read by kind', () => {
    expect([...load(bands(one)).keys()]).to.deep.equal(['refund']);
  });

  for (const [what, text, named] of [
    ['nothing', '', 'approvals.yaml'],
    ['no kind', '{}', 'is empty'],
    ['a list', '- refund', 'approvals.yaml'],
    ['no bands', 'refund: { currency: KES, bands: [] }', 'bands'],
    ['a band without a step', bands('    - { name: all, steps: [] }\n'), 'steps'],
    ['a step without a vote', bands('    - { name: all, steps: [{ roles: [finance], votes: 0 }] }\n'), 'votes'],
    ['a last band with an end', bands(one.replace('name: all', 'name: all, upTo: "5"')), 'exactly the last band'],
    ['a role that does not exist', bands(one.replace('finance', 'treasurer')), 'treasurer'],
    ['a word that nothing reads', bands(one.replace('name: all', 'name: all, limit: 5')), 'limit'],
  ] as const) {
    it(`is refused with ${what}, by name, before anything runs`, () => {
      expect(() => load(text)).to.throw(Error, named);
    });
  }

  it('is refused in a currency that is not collected', () => {
    expect(() => load(bands(one), { ...KNOWN, currency: 'TZS' })).to.throw(Error, 'refund is in KES');
  });
});
