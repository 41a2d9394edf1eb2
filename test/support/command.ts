import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { programArgs } from './program-args.ts';
import type { Env } from './service.ts';

export interface CommandEnd {
  code: number | null;
  out: string;
  err: string;
}

/** One of src/commands as `npm run` starts it, in a process of its own. */
export interface RunningCommand {
  readonly child: ChildProcess;
  readonly ended: Promise<CommandEnd>;
}

export function startCommand(name: string, args: readonly string[], env: Env): RunningCommand {
  const { PATH, HOME } = process.env;
  const child = spawn(process.execPath, [...programArgs(`src/commands/${name}.ts`), ...args], {
    cwd: new URL('../..', import.meta.url).pathname,
    env: { PATH, HOME, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const said = { out: '', err: '' };
  child.stdout.on('data', (chunk) => (said.out += chunk));
  child.stderr.on('data', (chunk) => (said.err += chunk));
  const stop = () => child.kill('SIGKILL');
  process.once('exit', stop);
  const ended = once(child, 'close').then(([code]) => {
    process.off('exit', stop);
    return { code: code as number | null, ...said };
  });
  return { child, ended };
}

export function runCommand(name: string, args: readonly string[], env: Env): Promise<CommandEnd> {
  return startCommand(name, args, env).ended;
}
