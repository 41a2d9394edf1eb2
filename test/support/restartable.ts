import { type ChildProcess, spawn } from 'node:child_process';
import { createWriteStream, existsSync, readFileSync } from 'node:fs';
import { waitUntil } from './private-program.ts';

/** A program that can be killed and started again on what it left behind. */
export interface Restartable {
  readonly name: string;
  start(): Promise<void>;
  /** Ends it without a word, as a power cut would. */
  kill(): Promise<void>;
  isRunning(): boolean;
}

export interface ProgramPlan {
  name: string;
  command: string;
  args: readonly string[];
  env?: Readonly<Record<string, string>>;
  /** Its output, of all its lives. */
  logFile: string;
  /** Resolves when it can be used; rejects until then. */
  ready(): Promise<unknown>;
}

const START_WITHIN_MS = 180_000;

export function restartable(plan: ProgramPlan): Restartable {
  let child: ChildProcess | undefined;
  let ended = Promise.resolve();
  return {
    name: plan.name,
    isRunning: () => child !== undefined,
    async start() {
      const started = spawn(plan.command, [...plan.args], {
        stdio: ['ignore', 'pipe', 'pipe'],
        env: { ...process.env, ...plan.env },
      });
      const log = createWriteStream(plan.logFile, { flags: 'a' });
      started.stdout.pipe(log);
      started.stderr.pipe(log);
      child = started;
      ended = new Promise((resolve) => {
        started.once('exit', () => {
          if (child === started) child = undefined;
          resolve();
        });
      });
      await waitUntil(plan.name, START_WITHIN_MS, plan.ready).catch((cause) => {
        const output = existsSync(plan.logFile) ? readFileSync(plan.logFile, 'utf8').slice(-2_000) : '';
        throw new Error(`${plan.name} did not start; it said:\n${output}`, { cause });
      });
    },
    async kill() {
      child?.kill('SIGKILL');
      await ended;
    },
  };
}
