import { DIALOGS, type DialogName } from './dialogs.ts';
import { type LoadConnection, openConnection } from './load-connection.ts';
import { type LoadSession, newSession, nextHop } from './load-sessions.ts';

/** The load program: a process of its own that takes jobs from the run, one at a time, and tells what came of each. */
export interface LoadJob {
  port: number;
  path: string;
  /** A number of new sessions, or those of the job before, which stand somewhere in their dialog. */
  sessions: { dialog: DialogName; count: number } | 'kept';
  /** Steps that each takes; all that are left when left out. */
  steps?: number;
  connections: number;
  /** Hops a second at an even pace, whatever the answers take. Left out: each connection sends as soon as it was answered. */
  hopsPerSecond?: number;
}

export interface LoadResult {
  hops: number;
  /** Wrong answers and none. */
  errors: number;
  firstError: string | undefined;
  seconds: number;
  p50Ms: number;
  p99Ms: number;
}

interface Tally {
  latenciesMs: number[];
  errors: number;
  firstError: string | undefined;
}

let kept: LoadSession[] = [];

async function run(job: LoadJob): Promise<LoadResult> {
  const { sessions, connections } = job;
  if (sessions !== 'kept') kept = Array.from({ length: sessions.count }, () => newSession(sessions.dialog));
  const open = Array.from({ length: connections }, () => openConnection(job.port, job.path));
  const tally: Tally = { latenciesMs: [], errors: 0, firstError: undefined };
  const startedMs = performance.now();
  if (job.hopsPerSecond === undefined) await atFullSpeed(open, job.steps, tally);
  else await atAnEvenPace(open, job.hopsPerSecond, tally);
  const seconds = (performance.now() - startedMs) / 1_000;
  for (const connection of open) connection.close();
  return summary(tally, seconds);
}

/** Each connection takes a session, walks it, and takes the next. */
async function atFullSpeed(open: readonly LoadConnection[], steps: number | undefined, tally: Tally): Promise<void> {
  let taken = 0;
  const walk = async (connection: LoadConnection) => {
    for (let session = kept[taken++]; session; session = kept[taken++]) {
      const end = Math.min(DIALOGS[session.dialog].length, session.next + (steps ?? Number.POSITIVE_INFINITY));
      while (session.next < end) await hop(connection, session, performance.now(), tally);
    }
  };
  await Promise.all(open.map(walk));
}

/**
 * All sessions take a step, then all the next, so that none is asked before it was answered. A hop is timed from the moment
 * it was due, waiting for a free connection included; what this process itself wakes too late for is not counted.
 */
async function atAnEvenPace(open: readonly LoadConnection[], hopsPerSecond: number, tally: Tally): Promise<void> {
  const free = [...open];
  const due: { session: LoadSession; dueMs: number }[] = [];
  const left = Math.min(...kept.map(({ dialog, next }) => DIALOGS[dialog].length - next));
  const total = kept.length * left;
  const startMs = performance.now();
  let answered = 0;
  await new Promise<void>((resolve) => {
    const send = () => {
      for (let connection = free.pop(); connection; connection = free.pop()) {
        const next = due.shift();
        if (!next) {
          free.push(connection);
          return;
        }
        const taken = connection;
        void hop(taken, next.session, next.dueMs, tally).then(() => {
          answered += 1;
          free.push(taken);
          if (answered === total) resolve();
          else send();
        });
      }
    };
    let scheduled = 0;
    const wake = () => {
      const nowMs = performance.now();
      const until = Math.min(total, Math.floor(((nowMs - startMs) * hopsPerSecond) / 1_000));
      for (; scheduled < until; scheduled += 1) {
        const session = kept[scheduled % kept.length];
        if (session) due.push({ session, dueMs: nowMs });
      }
      send();
      if (scheduled < total) setTimeout(wake, 1);
    };
    wake();
  });
}

async function hop(connection: LoadConnection, session: LoadSession, dueMs: number, tally: Tally): Promise<void> {
  const { body, sees } = nextHop(session);
  let problem: string | undefined;
  try {
    const answer = await connection.post(body);
    tally.latenciesMs.push(performance.now() - dueMs);
    if (answer !== sees) problem = `"${session.text}" was answered "${answer}", not "${sees}"`;
  } catch (error) {
    problem = String(error);
  }
  if (problem === undefined) return;
  tally.errors += 1;
  tally.firstError ??= problem;
}

function summary({ latenciesMs, errors, firstError }: Tally, seconds: number): LoadResult {
  const sorted = Float64Array.from(latenciesMs).sort();
  const at = (share: number) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0;
  return { hops: sorted.length, errors, firstError, seconds, p50Ms: at(0.5), p99Ms: at(0.99) };
}

process.on('message', (job: LoadJob) => {
  void run(job).then((result) => process.send?.(result));
});
process.send?.('ready');
