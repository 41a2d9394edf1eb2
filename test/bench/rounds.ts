import type { Contestant, Name } from './contestants.ts';
import { NAMES } from './contestants.ts';
import { DIALOGS } from './dialogs.ts';
import type { LoadJob, LoadResult } from './load.ts';
import type { Load } from './processes.ts';

/** One thing that is measured. */
export const PARTS = ['dial', 'plain', 'paced', 'pay'] as const;
export type Part = (typeof PARTS)[number];

export interface Measured {
  cpuMicrosPerHop: number;
  hopsPerSecond: number;
  p50Ms: number;
  p99Ms: number;
}
/** Of every round: contestant by contestant, part by part. */
export type Round = Record<Name, Record<Part, Measured>>;

export interface Size {
  /** Sessions a part of a round. */
  sessions: number;
  pacedSessions: number;
  rounds: number;
  warmUpSessions: number;
  memoryDialogs: number;
}

const CONNECTIONS = 16;
/** Well below what the slowest of the three can do, so that a latency is not the length of a queue. */
export const PACED_HOPS_PER_SECOND = 500;

export interface Bench {
  contestants: Readonly<Record<Name, Contestant>>;
  load: Load;
  /** Empties Redis, so that every measurement begins alike. */
  flush(): Promise<void>;
}

export class WrongAnswers extends Error {}

type Job = Omit<LoadJob, 'port' | 'path' | 'connections'>;

/** Runs the load and throws when any answer was wrong. */
export async function drive({ load }: Bench, { port, path }: Contestant, job: Job): Promise<LoadResult> {
  const result = await load.run({ ...job, port, path, connections: CONNECTIONS });
  if (result.errors > 0) throw new WrongAnswers(`${result.errors} wrong answers, first: ${result.firstError}`);
  return result;
}

async function measure(bench: Bench, contestant: Contestant, job: Job): Promise<Measured> {
  const before = await contestant.usage();
  const { hops, seconds, p50Ms, p99Ms } = await drive(bench, contestant, job);
  const after = await contestant.usage();
  return {
    cpuMicrosPerHop: (after.cpuMicros - before.cpuMicros) / hops,
    hopsPerSecond: hops / seconds,
    ...{ p50Ms, p99Ms },
  };
}

/** Makes the code of all parts hot before anything counts. */
export async function warmUp(bench: Bench, { warmUpSessions: count }: Size): Promise<void> {
  for (const name of NAMES) {
    for (const dialog of ['walk', 'pay', 'walk', 'pay'] as const) {
      await drive(bench, bench.contestants[name], { sessions: { dialog, count: Math.ceil(count / 2) } });
    }
  }
}

/** One round: each part on each contestant, one after the other, the order turning from round to round. */
export async function playRound(bench: Bench, size: Size, number: number): Promise<Round> {
  const round = Object.fromEntries(NAMES.map((name) => [name, {}])) as Round;
  const turn = number % NAMES.length;
  const order = [...NAMES.slice(turn), ...NAMES.slice(0, turn)];
  const each = async (play: (contestant: Contestant, parts: Record<Part, Measured>) => Promise<void>) => {
    for (const name of order) {
      await bench.flush();
      await play(bench.contestants[name], round[name]);
    }
  };
  await each(async (contestant, parts) => {
    const sessions = { dialog: 'walk', count: size.sessions } as const;
    parts.dial = await measure(bench, contestant, { sessions, steps: 1 });
    parts.plain = await measure(bench, contestant, { sessions: 'kept' });
  });
  await each(async (contestant, parts) => {
    const sessions = { dialog: 'walk', count: size.pacedSessions } as const;
    await drive(bench, contestant, { sessions, steps: 1 });
    parts.paced = await measure(bench, contestant, { sessions: 'kept', hopsPerSecond: PACED_HOPS_PER_SECOND });
  });
  await each(async (contestant, parts) => {
    const count = Math.ceil((size.sessions * DIALOGS.walk.length) / DIALOGS.pay.length / 2);
    parts.pay = await measure(bench, contestant, { sessions: { dialog: 'pay', count } });
  });
  return round;
}
