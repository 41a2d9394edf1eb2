import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { DataSource, type DataSourceOptions, type EntitySchema, type MigrationInterface } from 'typeorm';
import { LibsqlDriver } from './libsql-driver.ts';

export interface SchemaParts {
  entities: EntitySchema[];
  migrations: (new () => MigrationInterface)[];
}

export interface StoreAddress {
  /** `mysql://` or `mariadb://`; undefined for the embedded store. */
  databaseUrl: string | undefined;
  /** Directory of the embedded store. */
  dataDir: string;
}

/** Milliseconds that a statement waits for a lock before the transaction is run again. */
const LOCK_WAIT_S = 5;

export function sqlitePath(dataDir: string): string {
  return `${dataDir}/malipo.db`;
}

function common(parts: SchemaParts) {
  return {
    entities: parts.entities,
    migrations: parts.migrations,
    migrationsTableName: 'migrations',
    synchronize: false,
    logging: false,
  } as const;
}

function sqliteOptions(path: string, parts: SchemaParts): DataSourceOptions {
  return {
    ...common(parts),
    type: 'better-sqlite3',
    database: path,
    driver: LibsqlDriver,
    // The writer queue keeps writers apart; the short wait covers another program, such as a backup.
    timeout: 2_000,
    prepareDatabase: (database: { pragma(source: string): unknown }) => {
      database.pragma('journal_mode = WAL');
      // FULL: what was committed survives a power cut, not only a killed process.
      database.pragma('synchronous = FULL');
    },
  };
}

function mysqlOptions(url: string, parts: SchemaParts, poolSize: number): DataSourceOptions {
  const mysql = new URL(url);
  return {
    ...common(parts),
    // `mysql` shows false drift against MariaDB's information_schema, and `mariadb` none against MySQL.
    type: 'mariadb',
    host: mysql.hostname,
    port: Number(mysql.port || 3306),
    username: decodeURIComponent(mysql.username),
    password: decodeURIComponent(mysql.password),
    database: mysql.pathname.slice(1),
    charset: 'utf8mb4_bin',
    timezone: 'Z',
    supportBigNumbers: true,
    bigNumberStrings: true,
    poolSize,
    connectTimeout: 3_000,
    // The driver draws a stack for each statement otherwise, in case it fails.
    extra: { waitForConnections: true, queueLimit: 1_000, enableKeepAlive: true, trace: false },
  };
}

/** Options for the command line of TypeORM and for the service. */
export function dataSourceOptions(address: StoreAddress, parts: SchemaParts, poolSize = 20): DataSourceOptions {
  return address.databaseUrl
    ? mysqlOptions(address.databaseUrl, parts, poolSize)
    : sqliteOptions(sqlitePath(address.dataDir), parts);
}

/** Connects; on MariaDB every connection of the pool gets the isolation that the outbox's claims need. */
export async function connect(options: DataSourceOptions): Promise<DataSource> {
  if (options.type === 'better-sqlite3') mkdirSync(dirname(options.database as string), { recursive: true });
  const source = new DataSource(options);
  await source.initialize();
  if (options.type === 'mariadb') {
    const pool = (source.driver as unknown as { pool: SessionPool }).pool;
    pool.on('connection', (connection) => {
      for (const setting of SESSION_SETTINGS) connection.query(setting);
    });
    // The connection that initialize() opened was made before the listener.
    await settleFirstConnection(pool);
  }
  return source;
}

// `SET TRANSACTION` is the one spelling that MariaDB 10.11 and MySQL 8.4 share.
const SESSION_SETTINGS = [
  'SET SESSION TRANSACTION ISOLATION LEVEL READ COMMITTED',
  `SET SESSION innodb_lock_wait_timeout = ${LOCK_WAIT_S}, sql_mode = 'STRICT_ALL_TABLES,NO_ENGINE_SUBSTITUTION', time_zone = '+00:00'`,
];

interface PooledConnection {
  query(sql: string, done?: (error: Error | null) => void): void;
  release(): void;
}

interface SessionPool {
  on(event: 'connection', listener: (connection: PooledConnection) => void): void;
  getConnection(done: (error: Error | null, connection: PooledConnection) => void): void;
}

function settleFirstConnection(pool: SessionPool): Promise<void> {
  return new Promise((resolve, reject) => {
    pool.getConnection((error, connection) => {
      if (error) return reject(error);
      let waiting = SESSION_SETTINGS.length;
      for (const setting of SESSION_SETTINGS) {
        connection.query(setting, (failed) => {
          if (failed) reject(failed);
          waiting -= 1;
          if (waiting === 0) {
            connection.release();
            resolve();
          }
        });
      }
    });
  });
}
