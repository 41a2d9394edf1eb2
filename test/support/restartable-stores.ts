import { execFileSync } from 'node:child_process';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Redis } from 'ioredis';
import mysql from 'mysql2/promise';
import { findProgram, freePort } from './private-program.ts';
import { type Restartable, restartable } from './restartable.ts';

const required = (...names: string[]): string => {
  const program = findProgram(...names);
  if (!program) throw new Error(`${names.join(' or ')} is not on the PATH`);
  return program;
};

/**
 * MariaDB on a folder that outlives it, as durable as in production: what was committed survives its kill -9.
 * `settings`: further arguments of the server.
 */
export async function planMariaDb(
  folder: string,
  settings: readonly string[] = [],
): Promise<{ program: Restartable; url: string }> {
  const data = join(folder, 'mariadb');
  const port = await freePort();
  const user = process.getuid?.() === 0 ? ['--user=root'] : [];
  const installer = required('mariadb-install-db', 'mysql_install_db');
  // Temporary tables have a folder of their own: a server that starts removes those that it finds.
  const temporary = join(folder, 'mariadb-tmp');
  await mkdir(temporary, { recursive: true });
  const places = [`--datadir=${data}`, `--tmpdir=${temporary}`];
  const install = ['--no-defaults', ...places, '--auth-root-authentication-method=normal', '--skip-test-db'];
  execFileSync(installer, [...install, ...user], { stdio: 'ignore' });
  const accounts = join(folder, 'accounts.sql');
  await writeFile(
    accounts,
    "CREATE DATABASE IF NOT EXISTS malipo CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;\nCREATE USER IF NOT EXISTS 'malipo'@'127.0.0.1' IDENTIFIED BY 'malipo';\nGRANT ALL ON *.* TO 'malipo'@'127.0.0.1';\n",
  );
  const url = `mysql://malipo:malipo@127.0.0.1:${port}/malipo`;
  const program = restartable({
    name: 'MariaDB',
    command: required('mariadbd', 'mysqld'),
    args: [
      '--no-defaults',
      ...user,
      ...places,
      ...[`--port=${port}`, `--socket=${join(folder, 'socket')}`, `--pid-file=${join(folder, 'pid')}`],
      ...[`--init-file=${accounts}`, '--bind-address=127.0.0.1', '--skip-name-resolve', '--max-connections=300'],
      '--innodb-flush-log-at-trx-commit=1',
      ...settings,
    ],
    logFile: join(folder, 'mariadb.log'),
    ready: async () => (await mysql.createConnection(url)).end(),
  });
  return { program, url };
}

/** Redis with its append-only file. */
export async function planRedis(folder: string): Promise<{ program: Restartable; url: string }> {
  const port = await freePort();
  const dir = join(folder, 'redis');
  await mkdir(dir);
  const url = `redis://127.0.0.1:${port}`;
  const program = restartable({
    name: 'Redis',
    command: required('redis-server', 'valkey-server'),
    args: ['--port', String(port), '--bind', '127.0.0.1', '--dir', dir, '--save', '', '--appendonly', 'yes'],
    logFile: join(folder, 'redis.log'),
    ready: async () => {
      const client = new Redis(url, { lazyConnect: true, retryStrategy: () => null });
      client.on('error', () => {});
      try {
        await client.connect();
        await client.ping();
      } finally {
        client.disconnect();
      }
    },
  });
  return { program, url };
}
