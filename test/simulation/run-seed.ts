import { PAYOUT_STANDING } from '../../src/domain/payout-batches/index.ts';
import { judge } from './checks/index.ts';
import { type PlantedBug, plantedBug } from './planted/index.ts';
import { timelineOf } from './timeline.ts';
import { withoutRealTime } from './world/no-real-time.ts';
import { planOf } from './world/plan.ts';
import type { SharedParts } from './world/shared-parts.ts';
import { type EndedWorld, runWorld } from './world/world.ts';

export interface SeedResult {
  seed: number;
  passed: boolean;
  /** Names of the checks that broke, the first one first. */
  broken: string[];
  /** For people: the seed, the first broken check, and the timeline of that payment. */
  report: string;
  counts: Record<string, number>;
  traceHash: string;
  virtualMs: number;
}

/** Runs one seed, with one planted bug if it is named, and judges what became of it. */
export async function runSeed(seed: number, shared: SharedParts, bugName?: string): Promise<SeedResult> {
  const bug: PlantedBug | undefined = bugName === undefined ? undefined : plantedBug(bugName);
  const plan = planOf(seed);
  const environment = { ...plan.environment, ...bug?.environment };
  const look = async (world: EndedWorld): Promise<SeedResult> => {
    const { broken, facts } = await judge(world);
    const counts = { ...world.trace.counts };
    const countStates = (what: string, list: readonly { state: string }[] = []) => {
      for (const { state } of list) counts[`${what} ${state}`] = (counts[`${what} ${state}`] ?? 0) + 1;
    };
    countStates('payments', facts?.payments);
    countStates('batches', facts?.batches);
    countStates('payout rows', facts?.rows);
    countStates('claims', facts?.claims);
    countStates(
      'parts',
      facts?.refunds.filter(({ kind }) => kind === 'part'),
    );
    const runs = facts?.batches.filter(({ scheduleId }) => scheduleId !== null) ?? [];
    const agreed = new Set(facts?.approvals.filter(({ kind }) => kind === PAYOUT_STANDING).map(({ id }) => id));
    counts['runs of schedules'] = runs.length;
    counts['runs agreed to beforehand'] = runs.filter(({ approvalId }) => agreed.has(approvalId ?? '')).length;
    counts.payments = facts?.payments.length ?? 0;
    counts.prompts = [...world.core.operator.shelf.list()].length;
    counts.messages = facts?.messages.length ?? 0;
    counts.customers = plan.customers;
    const [first] = broken;
    const [finding] = first?.findings ?? [];
    const report =
      first && finding
        ? [
            `seed ${seed}: ${first.check} does not hold: ${first.promise}`,
            `  ${finding.text}`,
            ...broken.slice(1).map(({ check, findings }) => `  also ${check}: ${findings[0]?.text}`),
            ...timelineOf(world, facts, finding),
          ].join('\n')
        : '';
    return {
      seed,
      passed: broken.length === 0,
      broken: broken.map(({ check }) => check),
      report,
      counts,
      traceHash: world.trace.hash(),
      virtualMs: world.trace.lines.at(-1)?.atMs ?? 0,
    };
  };
  return withoutRealTime(() => runWorld({ ...plan, environment }, shared, bug?.plant, look));
}
