import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { deadAddress, json, startReplayServer } from '../contracts/replay-server.ts';
import { auditLockfile, readAudit } from './audit-lockfile.ts';

interface Locked {
  version: string;
  resolved?: string;
  integrity?: string;
  hasInstallScript?: boolean;
  dev?: boolean;
  optional?: boolean;
  link?: boolean;
}

describe('the lockfile', () => {
  const lock = JSON.parse(readFileSync('package-lock.json', 'utf8')) as { packages: Record<string, Locked> };
  const packages = Object.entries(lock.packages).filter(([path]) => path !== '');

  it('names one registry, and of every package the bytes', () => {
    expect(packages.length).to.be.greaterThan(100);
    for (const [path, { resolved, integrity, link }] of packages) {
      expect(link, path).to.equal(undefined);
      // Left out by npm where it is the registry that whoever installs has set.
      if (resolved !== undefined) expect(resolved, path).to.match(/^https:\/\/registry\.npmjs\.org\//);
      expect(integrity, path).to.match(/^sha512-/);
    }
  });

  it('names no package that runs a script of its own when it is installed for production', () => {
    const running = packages.filter(([, { hasInstallScript, dev, optional }]) => hasInstallScript && !dev && !optional);
    expect(running.map(([path]) => path)).to.deep.equal(['node_modules/esbuild']);
  });
});

describe('the audit of the lockfile', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'malipo-audit-'));
    const dependencies = { leaky: '1.0.0' };
    const root = { name: 'x', version: '1.0.0', dependencies };
    const integrity = `sha512-${Buffer.alloc(64).toString('base64')}`;
    const leaky = { version: '1.0.0', resolved: 'https://registry.npmjs.org/leaky/-/leaky-1.0.0.tgz', integrity };
    const packages = { '': root, 'node_modules/leaky': leaky };
    writeFileSync(join(folder, 'package.json'), JSON.stringify(root));
    writeFileSync(join(folder, 'package-lock.json'), JSON.stringify({ ...root, lockfileVersion: 3, packages }));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  const auditAt = (url: string) =>
    auditLockfile([`--registry=${url}`, `--cache=${join(folder, 'cache')}`, '--userconfig=/dev/null'], folder);

  it('fails on a severe fault that the registry knows', async function () {
    this.timeout(30_000);
    const advisory = { id: 1, url: 'https://x', title: 'leaks', severity: 'critical', vulnerable_versions: '<2.0.0' };
    const manifest = { name: 'leaky', version: '1.0.0', dist: { tarball: 'https://x/leaky.tgz' } };
    const registry = await startReplayServer(({ method }) =>
      method === 'POST'
        ? json(200, { leaky: [advisory] })
        : json(200, { name: 'leaky', 'dist-tags': { latest: '1.0.0' }, versions: { '1.0.0': manifest } }),
    );
    const verdict = await auditAt(registry.url);
    await registry.stop();
    expect(verdict).to.deep.equal({ kind: 'severe', line: 'npm audit: leaky (critical)' });
  });

  it('says in a plain line when the registry does not answer', async function () {
    this.timeout(30_000);
    const registry = await startReplayServer(() => json(405, {}));
    const refused = await auditAt(registry.url);
    await registry.stop();
    expect(refused.kind).to.equal('not-answered');
    expect(refused.line).to.match(/^npm audit: the registry does not answer \(405 .*\); not run$/);
    expect((await auditAt(await deadAddress())).kind).to.equal('not-answered');
  });

  it('reads the answers of npm', () => {
    const lesser = { metadata: { vulnerabilities: { total: 1 } }, vulnerabilities: { x: { severity: 'low' } } };
    expect(readAudit(JSON.stringify(lesser)).kind).to.equal('clean');
    expect(readAudit('').kind).to.equal('not-answered');
  });
});
