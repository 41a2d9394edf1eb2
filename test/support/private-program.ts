import { type ChildProcess, spawn } from 'node:child_process';
import { accessSync, constants, statfsSync } from 'node:fs';
import { mkdtemp } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';

/** Where the first of these programs is: on the PATH, or where Debian keeps servers. */
export function findProgram(...names: string[]): string | undefined {
  const folders = [...(process.env.PATH ?? '').split(delimiter), '/usr/sbin', '/usr/local/sbin', '/usr/bin'];
  for (const name of names) {
    for (const folder of folders) {
      const path = join(folder, name);
      try {
        accessSync(path, constants.X_OK);
        return path;
      } catch {
        // Not there; the next folder may have it.
      }
    }
  }
  return undefined;
}

export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address ? address.port : 0));
    });
  });
}

const MEMORY = '/dev/shm';
/** What the stores of a test run may fill; a container often has 64 MB there. */
const ENOUGH_BYTES = 2 * 1024 ** 3;

/**
 * A folder that the program may fill; it goes when the program is stopped. In memory where there is room: a database that makes a
 * table waits for the disk several times, and every suite makes all of them.
 */
export function privateFolder(): Promise<string> {
  return mkdtemp(join(hasMemoryFolder() ? MEMORY : tmpdir(), 'malipo-test-'));
}

function hasMemoryFolder(): boolean {
  try {
    accessSync(MEMORY, constants.W_OK);
    const { bavail, bsize } = statfsSync(MEMORY);
    return bavail * bsize >= ENOUGH_BYTES;
  } catch {
    return false;
  }
}

/**
 * The shell waits on a pipe that only this process holds, then kills the program and removes its folder: so
 * nothing is left behind however this process ends, kill -9 and Ctrl-C included.
 */
const KEEPER = `
folder=$1; shift
"$@" </dev/null >"$folder/output.txt" 2>&1 &
program=$!
read -r _ignored
kill -9 $program 2>/dev/null
wait $program 2>/dev/null
rm -rf "$folder"
`;

export interface PrivateProgram {
  /** Kills it and removes its folder. */
  stop(): Promise<void>;
}

/** The same for a folder alone. */
const FOLDER_KEEPER = 'read -r _ignored; rm -rf "$1"';

export function startProgram(folder: string, command: string, args: readonly string[]): PrivateProgram {
  return startKeeper(KEEPER, [folder, command, ...args]);
}

/** A private folder for whatever this process makes; it goes with the process. */
export async function keptFolder(): Promise<string> {
  const folder = await privateFolder();
  startKeeper(FOLDER_KEEPER, [folder]);
  return folder;
}

function startKeeper(script: string, args: readonly string[]): PrivateProgram {
  const keeper: ChildProcess = spawn('/bin/sh', ['-c', script, 'keeper', ...args], {
    stdio: ['pipe', 'ignore', 'ignore'],
    detached: true,
  });
  const ended = new Promise<void>((resolve) => {
    keeper.once('exit', () => resolve());
  });
  keeper.unref();
  // A pipe is a socket here; without this the test run would wait for it.
  (keeper.stdin as unknown as { unref(): void }).unref();
  return {
    async stop() {
      keeper.ref();
      keeper.stdin?.end();
      await ended;
    },
  };
}

/** Tries until it succeeds, at most `timeoutMs`. */
export async function waitUntil<T>(what: string, timeoutMs: number, attempt: () => Promise<T>): Promise<T> {
  const endMs = Date.now() + timeoutMs;
  for (;;) {
    try {
      return await attempt();
    } catch (cause) {
      if (Date.now() > endMs) throw new Error(`${what} did not start within ${timeoutMs} ms`, { cause });
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }
}
