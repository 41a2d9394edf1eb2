import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect } from 'chai';
import { environment } from '../../src/platform/config/index.ts';
import { makeMetrics } from '../../src/platform/metrics/index.ts';

const root = fileURLToPath(new URL('../../', import.meta.url));
const read = (path: string) => readFileSync(join(root, path), 'utf8');
const documents = [
  ...readdirSync(root).filter((name) => name.endsWith('.md')),
  ...readdirSync(join(root, 'docs'))
    .filter((name) => name.endsWith('.md'))
    .map((name) => `docs/${name}`),
];
const { scripts } = JSON.parse(read('package.json')) as { scripts: Record<string, string> };

/** As GitHub names the anchor of a heading. */
const anchorOf = (heading: string) =>
  heading
    .toLowerCase()
    .replace(/[^\w\- ]/g, '')
    .replaceAll(' ', '-');
const anchorsOf = (path: string) =>
  [...read(path).matchAll(/^#+ (.+)$/gm)].map(([, heading]) => anchorOf(heading ?? ''));

for (const document of documents) {
  describe(document, () => {
    const text = read(document);

    it('links to what exists', () => {
      const links = [...text.matchAll(/\]\(([^)\s]+)\)|(?:src|href)="([^"]+)"/g)].map(([, a, b]) => a ?? b ?? '');
      for (const link of links.filter((address) => !/^[a-z]+:/.test(address))) {
        const [path = '', anchor] = link.split('#');
        const target = path === '' ? document : join(dirname(document), path);
        expect(existsSync(join(root, target)), link).to.equal(true);
        if (anchor !== undefined) expect(anchorsOf(target), link).to.include(anchor);
      }
    });

    it('names commands that exist', () => {
      const code = [...text.matchAll(/```sh\n([\s\S]*?)```|`([^`\n]+)`/g)].map(
        ([, block, span]) => block ?? span ?? '',
      );
      const named = code.flatMap((part) =>
        [...part.matchAll(/\bnpm (?:run )?([a-z][a-z0-9:-]*)/g)].map(([, name]) => name ?? ''),
      );
      const own = new Set([...Object.keys(scripts), 'ci', 'prune']);
      for (const name of named) expect(own.has(name), `npm run ${name}`).to.equal(true);
    });

    it('names variables that exist', () => {
      const prefixes =
        /^(AFRICASTALKING|DARAJA|CALLBACK|LIMIT|RULE|RETENTION|OUTBOX|WORKER|SIMULATOR|NOTICE|INQUIRY|PULL|HOLD|STOP|DELAY|REMINDER|REMINDERS|SMS)_/;
      const named = [...text.matchAll(/`([A-Z][A-Z0-9]*_[A-Z0-9_]*)\b/g)].map(([, name]) => name ?? '');
      for (const name of named.filter((one) => prefixes.test(one) && !one.endsWith('_'))) {
        expect(Object.keys(environment.shape), name).to.include(name);
      }
    });
  });
}

describe('docs/operations.md', () => {
  it('explains every metric, and no other', async () => {
    const { body } = await makeMetrics().render();
    const made = [...body.matchAll(/^# TYPE (malipo_\w+)/gm)].map(([, name]) => name ?? '').sort();
    const rows = [...read('docs/operations.md').matchAll(/^\| `(malipo_\w+)` \|/gm)]
      .map(([, name]) => name ?? '')
      .sort();
    expect(rows).to.deep.equal(made);
  });
});

describe('README.md', () => {
  it('has the two commands of a newcomer and the one of the tests', () => {
    const text = read('README.md');
    expect(text).to.contain('```sh\nnpm ci\nnpm start\n```');
    expect(text).to.contain('npm ci && npm test');
  });
});
