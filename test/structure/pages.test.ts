import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { schema } from '../../ormconfig.ts';
import { consoleRoutes } from '../../src/channels/console/index.ts';
import { HOSTILE_FIELDS, isOurs, QUERY_NAMES } from '../security/hostile-fields.ts';
import { CONSOLE_PAGES } from '../support/console-pages.ts';

/*
 * What walks over all pages (test/journeys/accessibility, test/security/pages) must know of all of them. It takes minutes; that it
 * has left nothing out takes a moment.
 */

const CONSOLE = 'src/channels/console';

interface Column {
  type: unknown;
  length?: number;
  primary?: boolean;
}

const columnsOf = ({ options }: (typeof schema.entities)[number]): [string, Column][] =>
  Object.entries(options.columns as Record<string, Column>).filter(
    ([, { type, primary }]) => !primary && /char|text/.test(String(type)),
  );

describe('what walks over all pages', () => {
  it('knows every page of the console', () => {
    const routes = consoleRoutes.filter(({ method }) => method === 'get').map(({ path }) => path);
    expect(Object.keys(CONSOLE_PAGES), 'say in test/support/console-pages.ts how it is seen').to.have.members(routes);
  });

  it('knows of every column of text whether it comes from outside', () => {
    const known = new Set(HOSTILE_FIELDS.map(({ table, property }) => `${table}.${property}`));
    const columns = schema.entities.flatMap((entity) =>
      columnsOf(entity).map(([property]) => ({ table: String(entity.options.name), property })),
    );
    const unknown = columns.filter(
      ({ table, property }) => !known.has(`${table}.${property}`) && !isOurs(table, property),
    );
    expect(unknown, 'say in hostile-fields.ts whether it comes from outside').to.deep.equal([]);
    const all = columns.map(({ table, property }) => `${table}.${property}`);
    expect(all).to.include.members([...known]);
  });

  it('knows everything that an address of the console may hold', () => {
    const files = readdirSync(CONSOLE, { recursive: true, encoding: 'utf8' }).filter((name) => /\.tsx?$/.test(name));
    const sources = files.map((name) => readFileSync(join(CONSOLE, name), 'utf8')).join('\n');
    const direct = [...sources.matchAll(/(?:visit\.|\b)query\.(\w+)/g)].map(([, name = '']) => name);
    const unpacked = [...sources.matchAll(/\{ (\w+) \} = visit\.query/g)].map(([, name = '']) => name);
    const names = new Set([...direct, ...unpacked].filter((name) => !['set', 'toString', 'trim'].includes(name)));
    expect(QUERY_NAMES).to.include.members([...names]);
  });
});
