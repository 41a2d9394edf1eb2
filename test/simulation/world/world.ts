import { makeRuntime } from '../../../src/kernel/index.ts';
import type { Database } from '../../../src/platform/database/index.ts';
import type { IncomingAnswer, OutgoingRequest } from '../../../src/platform/http/index.ts';
import { OutboxRowSchema } from '../../../src/platform/outbox/index.ts';
import {
  DEFAULT_SIMULATOR_CONFIG,
  makeSimulatorCore,
  type SimulatorCore,
  silentLog,
} from '../../../src/simulator/index.ts';
import type { Confirmation } from '../people/conversation.ts';
import { type CustomerDeps, live } from '../people/customer.ts';
import { employers } from '../people/employers/index.ts';
import { type Profile, profilesOf } from '../people/profile.ts';
import { refunders } from '../people/refunders.ts';
import { readScreens } from '../people/screens.ts';
import { staff } from '../people/staff.ts';
import { drawOf } from './draw.ts';
import { collectEvidence, type Evidence } from './evidence.ts';
import { type Life, startLife } from './life.ts';
import { GATEWAY_URL, type NetworkDeps, wayIn, wayOut } from './network.ts';
import type { WorldPlan } from './plan.ts';
import { openStore, type Plant, type RunningProcess, startProcess } from './process.ts';
import { configOf, SECRETS, SERVICE_CODE, type SharedParts } from './shared-parts.ts';
import { makeTrace, type Trace } from './trace.ts';
import { virtualTime } from './virtual-time.ts';

/** A world that came to its end: what the checks look at. */
export interface EndedWorld {
  plan: WorldPlan;
  trace: Trace;
  core: SimulatorCore;
  evidence: Evidence;
  confirmations: readonly Confirmation[];
  profiles: readonly Profile[];
  /** Money of the organisation that pays, by the fact's id. */
  brought: ReadonlyMap<string, bigint>;
  /** The store of the last life, and its service; undefined when it never came up again. */
  database: Database | undefined;
  running: RunningProcess | undefined;
  logLines: readonly string[];
  /** Errors that nothing caught. */
  bugs: readonly string[];
  becameQuiet: boolean;
}

const MINUTE_MS = 60_000;
/** After the trouble is over, the operator's list is read twice more at least. */
const AFTERWARDS_MS = 24 * MINUTE_MS;
const LONGEST_MS = 14 * 60 * MINUTE_MS;

/** Runs one world to its end, and hands it to `look` while its store is still open. */
export async function runWorld<T>(
  plan: WorldPlan,
  shared: SharedParts,
  plant: Plant | undefined,
  look: (world: EndedWorld) => Promise<T>,
): Promise<T> {
  const store = shared.freshStore();
  const world = makeWorld(plan, shared, plant, store.dataDir);
  const onBug = (error: unknown) => world.bug(error);
  process.on('unhandledRejection', onBug);
  try {
    await world.run();
    return await look(world.ended());
  } finally {
    process.off('unhandledRejection', onBug);
    await world.close();
    store.drop();
  }
}

function makeWorld(plan: WorldPlan, shared: SharedParts, plant: Plant | undefined, dataDir: string) {
  const { seed, startMs, troubleMs } = plan;
  const time = virtualTime(startMs);
  const trace = makeTrace(() => time.nowMs() - startMs);
  const evidence = collectEvidence();
  const config = configOf(dataDir, plan.environment);
  const luck = drawOf(seed, 'luck');
  const deathDraw = drawOf(seed, 'deaths');
  const lies = drawOf(seed, 'lies');
  const chance = drawOf(seed, 'service');
  const confirmations: Confirmation[] = [];
  const logLines: string[] = [];
  const bugs: string[] = [];
  const brought = new Map<string, bigint>();
  const wall = { skewMs: 0 };
  let isTrouble = true;
  let deaths = 0;
  let lives = 0;
  let life: Life | undefined;
  let database: Database | undefined;
  let running: RunningProcess | undefined;
  let becameQuiet = false;

  const bug = (error: unknown) => {
    const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
    trace.note(`BUG ${text.split('\n')[0]}`);
    bugs.push(text);
  };
  const quietNetwork = { latencyMs: plan.network.latencyMs, refused: 0, lostAnswer: 0, repeated: 0 };
  const network: NetworkDeps = {
    ...{ time, trace, startMs, draw: drawOf(seed, 'network') },
    mood: () => (isTrouble ? plan.network : quietNetwork),
    outages: () => (isTrouble ? plan.outages : []),
    door: () => (life?.isAlive() ? running?.door : undefined),
    parties: (request) => core.handle(request),
    heardFromParty: evidence.heardFromParty,
    answeredParty: evidence.answeredParty,
    sentToUs: evidence.sentToUs,
    distort(request, answer) {
      if (!isTrouble || !isPaidQuery(request, answer) || !lies.hits(plan.contradiction)) return answer;
      trace.count('queries that lied');
      return { ...answer, body: answer.body.replace('"ResultCode":"0"', '"ResultCode":"1032"') };
    },
  };
  const partyChance = drawOf(seed, 'parties');
  const core: SimulatorCore = makeSimulatorCore({
    runtime: makeRuntime(
      { now: () => time.nowMs(), setTimer: (delayMs, task) => time.after(delayMs, task) },
      partyChance,
    ),
    http: wayIn(network),
    log: silentLog,
    config: {
      ...DEFAULT_SIMULATOR_CONFIG,
      gatewayUrl: GATEWAY_URL,
      africastalkingKey: SECRETS.AFRICASTALKING_CALLBACK_KEY,
      serviceCode: SERVICE_CODE,
    },
  });

  const begin = () => {
    lives += 1;
    const mine = startLife({
      ...{ number: lives, time, trace, chance, wall },
      strikes: () => {
        if (!isTrouble || deaths >= plan.mortality.most || !deathDraw.hits(plan.mortality.perStep)) return false;
        deaths += 1;
        return true;
      },
    });
    life = mine;
    trace.note(`life ${lives} begins`);
    const opening = openStore(mine, config).then((opened) => {
      database = opened;
      mine.onEnd(() => {
        running = undefined;
        database = undefined;
        time.hold(opened.close().catch(bug));
        const longestMs = Math.max(1, plan.mortality.longestAwayMs);
        time.after(Math.round(deathDraw.magnitude(1, longestMs)), begin);
      });
      const { hold } = time;
      const deps = { shared, config, trace, draw: luck, plant, hold, http: wayOut(network, mine) };
      const disk = () => (isTrouble ? plan.disk : { jitter: 0.05, stall: 0 });
      const onLogLine = (line: string) => void logLines.push(line);
      startProcess({ ...deps, disk, onLogLine }, mine, opened).then((started) => {
        if (mine.isAlive()) running = started;
      }, bug);
    });
    time.hold(opening.catch(bug));
  };

  const profiles = profilesOf(drawOf(seed, 'people'), plan.customers);

  async function run(): Promise<void> {
    core.faults.apply(plan.faults);
    for (const { atMs, durationMs } of plan.freezes) time.after(atMs, () => life?.freeze(durationMs));
    for (const { atMs, byMs } of plan.clockSteps) time.after(atMs, () => life?.stepClock(byMs));
    begin();
    const whereabouts = drawOf(seed, 'arrivals');
    const people: CustomerDeps = {
      ...{ core, time, trace, confirmations, serviceCode: SERVICE_CODE, draw: drawOf(seed, 'moves') },
      screens: readScreens(shared.texts, SERVICE_CODE),
      isLate: () => time.nowMs() - startMs > troubleMs,
    };
    const days = profiles.map((who) => live(people, who, whereabouts.int(0, Math.round(troubleMs * 0.8))));
    let areGone = false;
    const nowRunning = () => (running && life ? { service: running.service, life } : undefined);
    const isLate = () => time.nowMs() - startMs > troubleMs;
    const payers = { time, trace, core, brought, isLate, running: nowRunning, draw: drawOf(seed, 'payers') };
    const others = { schedules: drawOf(seed, 'schedules'), claims: drawOf(seed, 'claims') };
    const ownPeople = plan.employer && employers({ ...payers, plan: plan.employer }, others);
    void Promise.all([...days, ownPeople]).then(() => {
      areGone = true;
    }, bug);
    staff({ time, trace, draw: drawOf(seed, 'staff') }, nowRunning);
    const parts = plan.parts ? drawOf(seed, 'parts') : undefined;
    refunders({ time, trace, isLate, draw: drawOf(seed, 'refunders'), parts }, nowRunning);
    await time.run(startMs + troubleMs);
    isTrouble = false;
    core.faults.apply({});
    trace.note('the trouble is over');
    await time.run(startMs + troubleMs + AFTERWARDS_MS);
    while (time.nowMs() < startMs + LONGEST_MS && !becameQuiet) {
      await time.run(time.nowMs() + MINUTE_MS);
      becameQuiet = areGone && (await isQuiet());
    }
  }

  async function isQuiet(): Promise<boolean> {
    if (!database || !running || core.operator.shelf.waiting().length > 0) return false;
    return (await database.reader.countBy(OutboxRowSchema, { state: 'ready' })) === 0;
  }

  return {
    bug,
    run,
    ended: (): EndedWorld => ({
      ...{ plan, trace, core, evidence, confirmations, profiles, brought },
      ...{ database, running, logLines, bugs, becameQuiet },
    }),
    async close() {
      const open = database;
      life?.kill('at the end of the world');
      await open?.close().catch(() => undefined);
      await core.stop();
    },
  };
}

function isPaidQuery({ url }: OutgoingRequest, { body }: IncomingAnswer): boolean {
  return url.endsWith('/stkpushquery/v1/query') && body.includes('"ResultCode":"0"');
}
