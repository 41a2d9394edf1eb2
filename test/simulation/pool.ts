import { type ChildProcess, fork } from 'node:child_process';
import type { SeedResult } from './run-seed.ts';

/** One seed to run, with a planted bug or without. */
export interface Task {
  seed: number;
  bug?: string;
}

export type Reply = { result: SeedResult } | { error: string } | { ready: true };

/** Two worlds at a time, each in a process of its own. */
const PROCESSES = 2;

export interface Pool {
  run(task: Task): Promise<SeedResult>;
  close(): void;
}

/** In megabytes. A world makes much and keeps little of it: with the usual 16 it is copied again and again before it is dropped. */
const ROOM_FOR_THE_YOUNG = '--max-semi-space-size=64';

export async function openPool(processes = PROCESSES): Promise<Pool> {
  const free: ChildProcess[] = [];
  const waiting: ((child: ChildProcess) => void)[] = [];
  const children = await Promise.all(Array.from({ length: processes }, startChild));
  free.push(...children);
  const give = (child: ChildProcess) => {
    const next = waiting.shift();
    if (next) next(child);
    else free.push(child);
  };
  return {
    async run(task) {
      const child = free.shift() ?? (await new Promise<ChildProcess>((resolve) => waiting.push(resolve)));
      try {
        const reply = await ask(child, task);
        if ('result' in reply) return reply.result;
        throw new Error(`seed ${task.seed}: ${'error' in reply ? reply.error : 'no result'}`);
      } finally {
        give(child);
      }
    },
    close() {
      for (const child of children) child.disconnect();
    },
  };
}

async function startChild(): Promise<ChildProcess> {
  const child = fork(new URL('./child.ts', import.meta.url), { execArgv: [ROOM_FOR_THE_YOUNG, '--import', 'tsx'] });
  await answerOf(child);
  return child;
}

function ask(child: ChildProcess, task: Task): Promise<Reply> {
  const answer = answerOf(child);
  child.send(task);
  return answer;
}

function answerOf(child: ChildProcess): Promise<Reply> {
  return new Promise((resolve, reject) => {
    const onExit = (code: number | null) => reject(new Error(`a process of the simulation ended with ${code}`));
    child.once('exit', onExit);
    child.once('message', (reply) => {
      child.off('exit', onExit);
      resolve(reply as Reply);
    });
  });
}
