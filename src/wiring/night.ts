import {
  billerDaySource,
  coverOf,
  importStatement,
  type NightDeps,
  type NightPhase,
  pullSource,
  type ReconDay,
  runNight,
  StatementSchema,
} from '../domain/reconciliation/index.ts';
import { addDays, businessDay, dayWindow, sleep } from '../kernel/index.ts';
import { defineJob, type Job, runExclusively, sqlLeases } from '../platform/scheduler/index.ts';
import type { Service } from './service.ts';
import { settlementPhase } from './settlement-phase.ts';

/** What the night is made of: statements first, then the matching, then whoever goes on with its result. */
export function nightDeps(service: Service): NightDeps {
  return { ...service.deps, nightPhases: { before: [fetchStatements(service)], after: [settlementPhase(service)] } };
}

export const NIGHT_LOCK = 'night-lock';

interface NightRun {
  day: string;
  signal: AbortSignal;
  report?(phase: string, done: number, total?: number): void;
}

/** Runs a night if no other process does; undefined if one does. */
export async function tryNight(service: Service, { day, signal, report }: NightRun): Promise<ReconDay[] | undefined> {
  const { runtime, deps } = service;
  const leases = sqlLeases(runtime, deps.database);
  const ran = await runExclusively({ runtime, leases }, NIGHT_LOCK, signal, (held) =>
    runNight(nightDeps(service), day, { signal: held, ...(report ? { report } : {}) }),
  );
  return ran?.result;
}

const LOOK_AGAIN_MS = 10_000;

/** The job of every night: the business day that ended before it. One that was missed is run for its own day. */
export function nightJob(service: Service): Job {
  const { config, runtime, log } = service;
  const [hour, minute] = config.business.nightAt.split(':').map(Number);
  return defineJob({
    name: 'night',
    cron: `${minute} ${hour} * * *`,
    ifMissed: 'run',
    async run({ slotMs, signal }) {
      const day = addDays(businessDay(slotMs, config.business.timeZone), -1);
      for (;;) {
        const made = await tryNight(service, { day, signal });
        if (made) return log.info({ day, versions: made.length }, 'the night is done');
        // Somebody runs one by hand.
        await sleep(runtime.clock, LOOK_AGAIN_MS, signal);
        signal.throwIfAborted();
      }
    },
  });
}

/** An operator's list reaches back two days: what is older has to come as a file. */
const PULL_REACH_MS = 47 * 3_600_000;

/**
 * Asks for the statements of the day, and of the days before that are still waited for. What cannot be had does not stop the night:
 * without a statement nothing is said to be missing.
 */
function fetchStatements({ deps, config, runtime, log }: Service): NightPhase {
  const fetch = async (
    what: { party: string; day: string },
    work: () => Promise<{ kind: string; problem?: string }>,
  ) => {
    const result = await work().catch((err: Error) => ({ kind: 'failed', problem: err.message }));
    if (result.kind !== 'complete') log.warn({ ...what, ...result }, 'a statement could not be had');
  };
  return {
    name: 'statements',
    async run({ day, signal, report }) {
      const days = Array.from({ length: deps.reconSettings.waitDays + 1 }, (_, back) => addDays(day, -back));
      const total = days.length * (deps.operators.size + deps.billers.all().length);
      let done = 0;
      for (const each of days) {
        for (const operator of deps.operators.values()) {
          const { timeZone } = config.business;
          const window = { ...dayWindow(each, timeZone), timeZone };
          const isInReach = window.fromMs >= runtime.clock.now() - PULL_REACH_MS;
          const needed = isInReach && (await isMissing('operator', operator.name, window));
          if (needed) {
            const source = pullSource(operator, window);
            await fetch({ party: operator.name, day: each }, () => importStatement(deps, source, { signal }));
          }
          done += 1;
          report(done, total);
        }
        for (const biller of deps.billers.all()) {
          const timeZone = biller.timeZone ?? config.business.timeZone;
          const connector = deps.connectors.get(biller.id);
          if (connector && (await isMissing('biller', biller.id, dayWindow(each, timeZone)))) {
            const source = billerDaySource(biller, connector, { day: each, timeZone });
            await fetch({ party: biller.id, day: each }, () => importStatement(deps, source, { signal }));
          }
          done += 1;
          report(done, total);
        }
        signal.throwIfAborted();
      }
    },
  };

  async function isMissing(side: 'operator' | 'biller', party: string, window: { fromMs: number; toMs: number }) {
    const where = { side, party, state: 'complete' as const };
    // A day that is not over has no statement yet.
    if (window.toMs > runtime.clock.now()) return false;
    return coverOf(await deps.database.reader.findBy(StatementSchema, where), window) === 'none';
  }
}
