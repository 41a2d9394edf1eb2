import { readdirSync, readFileSync } from 'node:fs';
import { expect } from 'chai';
import { newMsisdn } from '../support/domain-deps.ts';

const root = new URL('../', import.meta.url);

describe('numbers that a test makes up', () => {
  // A story that counted on a number of its own failed when enough stories before it had taken numbers up to that one.
  it('are of a range that no test writes out', () => {
    const range = newMsisdn().slice('+254'.length, '+2547190'.length);
    const written = new RegExp(`(?:254|\\b0)${range}\\d`);
    const files = readdirSync(root, { recursive: true, encoding: 'utf8' }).filter((path) =>
      /\.(ts|tsx|mjs)$/.test(path),
    );
    expect(files).to.include('support/domain-deps.ts');
    expect(files.filter((path) => written.test(readFileSync(new URL(path, root), 'utf8')))).to.deep.equal([]);
  });
});
