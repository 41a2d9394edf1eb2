import { execFile } from 'node:child_process';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import mysql from 'mysql2/promise';
import {
  findProgram,
  freePort,
  type PrivateProgram,
  privateFolder,
  startProgram,
  waitUntil,
} from './private-program.ts';

const run = promisify(execFile);

export interface PrivateServer extends PrivateProgram {
  /** With the rights to create databases. */
  readonly url: string;
}

const FAST = [
  ...['--bind-address=127.0.0.1', '--skip-name-resolve', '--max-connections=300', '--innodb-buffer-pool-size=64M'],
  ...['--innodb-flush-log-at-trx-commit=0', '--innodb-doublewrite=0', '--sync-binlog=0', '--performance-schema=OFF'],
  ...['--character-set-server=utf8mb4', '--collation-server=utf8mb4_bin'],
];

/** A server of our own on a free port, or undefined when neither MariaDB nor MySQL is installed. */
export async function startMariaDb(): Promise<PrivateServer | undefined> {
  const mariadbd = findProgram('mariadbd');
  const installer = findProgram('mariadb-install-db', 'mysql_install_db');
  const mysqld = findProgram('mysqld');
  if (!(mariadbd && installer) && !mysqld) return undefined;
  const folder = await privateFolder();
  const data = join(folder, 'data');
  // Of its own: a server that starts removes the temporary tables that it finds, and those of another would be in use.
  const temporary = join(folder, 'tmp');
  await mkdir(temporary);
  // Run by root, both refuse to start unless told so.
  const user = process.getuid?.() === 0 ? ['--user=root'] : [];
  if (mariadbd && installer) {
    const settings = [
      '--no-defaults',
      `--datadir=${data}`,
      `--tmpdir=${temporary}`,
      '--auth-root-authentication-method=normal',
      '--skip-test-db',
    ];
    await run(installer, [...settings, ...user]);
  } else if (mysqld)
    await run(mysqld, [
      '--no-defaults',
      '--initialize-insecure',
      `--datadir=${data}`,
      `--tmpdir=${temporary}`,
      ...user,
    ]);
  const accounts = join(folder, 'accounts.sql');
  const account = "'malipo'@'127.0.0.1'";
  await writeFile(accounts, `CREATE USER ${account} IDENTIFIED BY 'malipo';\nGRANT ALL ON *.* TO ${account};\n`);
  const port = await freePort();
  const program = startProgram(folder, mariadbd ?? mysqld ?? '', [
    '--no-defaults',
    ...user,
    `--datadir=${data}`,
    `--tmpdir=${temporary}`,
    `--port=${port}`,
    `--socket=${join(folder, 'socket')}`,
    `--pid-file=${join(folder, 'pid')}`,
    `--init-file=${accounts}`,
    ...FAST,
  ]);
  const url = `mysql://malipo:malipo@127.0.0.1:${port}`;
  await waitUntil('MariaDB', 30_000, async () => {
    const connection = await mysql.createConnection(url);
    await connection.end();
  });
  return { url, stop: program.stop };
}
