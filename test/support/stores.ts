import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Redis } from 'ioredis';
import mysql from 'mysql2/promise';
import { copyMigratedFile, copyMigratedTables } from './migrated-stores.ts';
import { type PrivateServer, startMariaDb } from './private-mariadb.ts';
import { keptFolder } from './private-program.ts';
import { REDIS_DATABASES, startRedis } from './private-redis.ts';

/**
 * MariaDB and Redis for tests, each started at most once a process and only when a test asks: at TEST_DATABASE_URL and
 * TEST_REDIS_URL when given (what is there under our names is overwritten); else programs on the PATH, started privately. When there
 * is neither, the tests that need it are skipped and one line says so; with CI=true they fail instead.
 */
let mariaDb: Promise<PrivateServer | undefined> | undefined;
let redis: Promise<PrivateServer | undefined> | undefined;
const notRun = new Set<string>();
let databases = 0;
let redisDatabases = 0;

const given = (url: string): PrivateServer => ({ url: url.replace(/\/+$/, ''), stop: async () => {} });

function mariaDbServer(): Promise<PrivateServer | undefined> {
  const { TEST_DATABASE_URL: url } = process.env;
  mariaDb ??= url ? Promise.resolve(given(url)) : startMariaDb();
  return mariaDb;
}

function redisServer(): Promise<PrivateServer | undefined> {
  const { TEST_REDIS_URL: url } = process.env;
  redis ??= url ? Promise.resolve(given(url)) : startRedis();
  return redis;
}

function missing(what: string): undefined {
  // biome-ignore lint/suspicious/noConsole: the run's own report
  if (!notRun.has(what)) console.log(`Not run: ${what}.`);
  notRun.add(what);
  if (process.env.CI === 'true') throw new Error(`Not run: ${what}`);
  return undefined;
}

const NO_MARIADB = 'tests on MariaDB (TEST_DATABASE_URL is not set, and there is no mariadbd on the PATH)';
const NO_REDIS = 'tests on Redis (TEST_REDIS_URL is not set, and there is no redis-server on the PATH)';

export interface FreshStore {
  readonly url: string;
  /** Drops what is in it. */
  drop(): Promise<void>;
}

/** A new, empty database; undefined when there is no server (skip the test then). */
export async function freshDatabase(): Promise<FreshStore | undefined> {
  const server = await mariaDbServer();
  if (!server) return missing(NO_MARIADB);
  databases += 1;
  const name = `malipo_test_${process.pid}_${databases}`;
  const base = new URL(server.url);
  base.pathname = '/';
  const administer = async (sql: string) => {
    const connection = await mysql.createConnection(base.toString());
    await connection.query(sql);
    await connection.end();
  };
  await administer(`CREATE DATABASE ${name} CHARACTER SET utf8mb4 COLLATE utf8mb4_bin`);
  base.pathname = `/${name}`;
  const url = base.toString();
  base.pathname = '/';
  return { url, drop: () => administer(`DROP DATABASE IF EXISTS ${name}`) };
}

/** An empty Redis database; undefined when there is no server (skip the test then). */
export async function freshRedis(): Promise<FreshStore | undefined> {
  const server = await redisServer();
  if (!server) return missing(NO_REDIS);
  redisDatabases = (redisDatabases % (REDIS_DATABASES - 1)) + 1;
  // A server that was given may have one database only, and something else in the others.
  const url = process.env.TEST_REDIS_URL ? server.url : `${server.url}/${redisDatabases}`;
  const flush = async () => {
    const client = new Redis(url, { lazyConnect: true });
    await client.connect();
    await client.flushdb();
    client.disconnect();
  };
  await flush();
  return { url, drop: flush };
}

/** What the service would be told by DATABASE_URL, REDIS_URL and DATA_DIR. */
export interface StorePair {
  readonly name: 'embedded stores' | 'MariaDB and Redis';
  readonly databaseUrl: string | undefined;
  readonly redisUrl: string | undefined;
  /** A folder of its own. */
  readonly dataDir: string;
  drop(): Promise<void>;
}

/** Of this process; a folder in it for each pair of stores. */
let folder: Promise<string> | undefined;

function ownFolder(): Promise<string> {
  folder ??= keptFolder();
  return folder;
}

export interface StoreOptions {
  /** Without the tables of the service, which are there else. */
  isEmpty?: boolean;
  /** In memory where there is room: every commit waits for the disk, and no test cuts the power. Whoever measures wants that time too. */
  onDisk?: boolean;
}

export async function embeddedStores({ isEmpty = false, onDisk = false }: StoreOptions = {}): Promise<StorePair> {
  const dataDir = await mkdtemp(join(onDisk ? tmpdir() : await ownFolder(), 'malipo-test-'));
  if (!isEmpty) await copyMigratedFile(dataDir, async () => mkdtemp(join(await ownFolder(), 'migrated-')));
  const drop = () => rm(dataDir, { recursive: true, force: true });
  return { name: 'embedded stores', databaseUrl: undefined, redisUrl: undefined, dataDir, drop };
}

export async function serverStores({ isEmpty = false }: StoreOptions = {}): Promise<StorePair | undefined> {
  const [database, sessions] = [await freshDatabase(), await freshRedis()];
  if (!database || !sessions) return undefined;
  const embedded = await embeddedStores({ isEmpty: true });
  if (!isEmpty) await copyMigratedTables(database.url, async () => (await freshDatabase()) ?? database);
  return {
    name: 'MariaDB and Redis',
    databaseUrl: database.url,
    redisUrl: sessions.url,
    dataDir: embedded.dataDir,
    async drop() {
      await Promise.all([database.drop(), sessions.drop(), embedded.drop()]);
    },
  };
}

type DefineOnStores = (title: string, define: (stores: () => StorePair) => void) => void;

/** Defines the same suite on both pairs of stores; each gets fresh ones. `stores()` may be called from hooks and tests. */
export const describeOnStores: DefineOnStores = (title, define) => describeOnBoth(title, define, {});

/** The same for suites that make the tables themselves. */
export const describeOnEmptyStores: DefineOnStores = (title, define) =>
  describeOnBoth(title, define, { isEmpty: true });

function describeOnBoth(title: string, define: (stores: () => StorePair) => void, options: StoreOptions): void {
  for (const [name, open] of [
    ['embedded stores', embeddedStores],
    ['MariaDB and Redis', serverStores],
  ] as const) {
    describe(`${title} (${name})`, () => {
      let pair: StorePair | undefined;
      before(async function () {
        this.timeout(60_000);
        pair = await open(options);
        if (!pair) this.skip();
      });
      after(() => pair?.drop());
      define(() => {
        if (!pair) throw new Error('the stores are open in hooks and tests only');
        return pair;
      });
    });
  }
}

/** Stops what was started. A process that ends without it stops its servers too. */
export async function closeStores(): Promise<void> {
  const servers = await Promise.allSettled([mariaDb, redis]);
  // Who asks again gets servers that run.
  mariaDb = undefined;
  redis = undefined;
  for (const server of servers) if (server.status === 'fulfilled') await server.value?.stop();
}
