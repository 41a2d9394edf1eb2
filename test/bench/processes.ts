import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, openSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { waitUntil } from '../support/private-program.ts';
import type { LoadJob, LoadResult } from './load.ts';

export const BENCH = fileURLToPath(new URL('.', import.meta.url));
export const ROOT = join(BENCH, '../..');
const PROBE = join(BENCH, 'probe.mjs');

export interface Usage {
  /** User and system time of all threads since the start. */
  cpuMicros: number;
  rss: number;
  heapUsed: number;
}

/** As V8 writes it. */
export interface CpuProfile {
  nodes: { id: number; callFrame: { functionName: string; url: string } }[];
  samples: number[];
  timeDeltas: number[];
}

export interface Program {
  /** Of this moment; with `settled`, after garbage was collected. */
  usage(settled?: boolean): Promise<Usage>;
  /** Takes the processor from it, until `thaw`. */
  freeze(): void;
  thaw(): void;
  isFrozen(): boolean;
  startProfile(): Promise<unknown>;
  stopProfile(): Promise<CpuProfile>;
  stop(): Promise<void>;
}

export interface ProgramOptions {
  name: string;
  /** Arguments of node. */
  args: readonly string[];
  env: Readonly<Record<string, string>>;
  /** Where its output goes. */
  folder: string;
  /** Answers when it is up. */
  readyUrl: string;
}

/** A busy machine takes its time. */
const START_WITHIN_MS = 120_000;
const started = new Set<Program>();

/** Stops whatever was started, also when the rest of it did not come up. */
export async function stopPrograms(): Promise<void> {
  await Promise.all([...started].map((program) => program.stop()));
}

/** Starts a program with the probe in it. Rejects, with the last of what it said, when it does not come up. */
export async function startProgram({ name, args, env, folder, readyUrl }: ProgramOptions): Promise<Program> {
  const outputFile = join(folder, `${name}.log`);
  const output = openSync(outputFile, 'w');
  const { PATH = '', HOME = '' } = process.env;
  const child = spawn(process.execPath, ['--expose-gc', '--import', PROBE, ...args], {
    cwd: ROOT,
    env: { PATH, HOME, NODE_ENV: 'production', ...env },
    stdio: ['ignore', output, output, 'ipc'],
  });
  closeSync(output);
  let isStopping = false;
  let isFrozen = false;
  let ended: string | undefined;
  const exit = new Promise<void>((resolve) => {
    child.once('exit', (code, signal) => {
      resolve();
      if (isStopping) return;
      ended = `${name} ended (${signal ?? code}): ${readFileSync(outputFile, 'utf8').slice(-2_000)}`;
      process.stderr.write(`${ended}\n`);
      process.exitCode = 1;
    });
  });
  const program: Program = {
    usage: (settled) => ask(child, settled ? 'memory' : 'usage', exit),
    freeze() {
      isFrozen = true;
      child.kill('SIGSTOP');
    },
    thaw() {
      isFrozen = false;
      child.kill('SIGCONT');
    },
    isFrozen: () => isFrozen,
    startProfile: () => ask(child, 'startProfile', exit),
    stopProfile: () => ask(child, 'stopProfile', exit),
    async stop() {
      isStopping = true;
      child.kill('SIGCONT');
      child.kill('SIGTERM');
      const late = setTimeout(() => child.kill('SIGKILL'), 5_000);
      await exit;
      clearTimeout(late);
    },
  };
  started.add(program);
  await Promise.race([
    exit,
    waitUntil(name, START_WITHIN_MS, () => fetch(readyUrl, { signal: AbortSignal.timeout(5_000) })),
  ]);
  if (ended !== undefined) throw new Error(`${name} did not start`);
  return program;
}

export interface Load {
  run(job: LoadJob): Promise<LoadResult>;
  stop(): void;
}

export async function startLoad(): Promise<Load> {
  const child = spawn(process.execPath, ['--import', 'tsx', join(BENCH, 'load.ts')], {
    cwd: ROOT,
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  });
  const exit = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  await new Promise((resolve) => child.once('message', resolve));
  return { run: (job) => ask(child, job, exit), stop: () => child.kill() };
}

function ask<Answer>(child: ChildProcess, question: LoadJob | string, exit: Promise<void>): Promise<Answer> {
  return new Promise((resolve, reject) => {
    child.once('message', (answer) => resolve(answer as Answer));
    void exit.then(() => reject(new Error('a process of the benchmark ended')));
    child.send(question);
  });
}
