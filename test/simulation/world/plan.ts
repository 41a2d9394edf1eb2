import type { FaultPlan } from '../../../src/simulator/faults/index.ts';
import { type Draw, drawOf } from './draw.ts';
import type { DiskMood } from './life-database.ts';

export type PartyName = 'daraja' | 'africastalking' | 'billers';
export const PARTY_NAMES: readonly PartyName[] = ['daraja', 'africastalking', 'billers'];

/** A party that is away for a while: connections are refused, or taken and never answered. */
export interface Outage {
  party: PartyName;
  fromMs: number;
  untilMs: number;
  kind: 'refused' | 'silent';
}

/** Everything that is decided about a world before it begins. Times count from its start. */
export interface WorldPlan {
  seed: number;
  customers: number;
  startMs: number;
  /** How long things go wrong, and customers come. */
  troubleMs: number;
  faults: FaultPlan;
  outages: readonly Outage[];
  network: NetworkMood;
  disk: DiskMood;
  mortality: { perStep: number; most: number; longestAwayMs: number };
  freezes: readonly { atMs: number; durationMs: number }[];
  clockSteps: readonly { atMs: number; byMs: number }[];
  /** The query says "cancelled" of a prompt that was paid. */
  contradiction: number;
  /** An organisation that pays people; in one world of five. */
  employer: EmployerPlan | undefined;
  /** Staff give money back in pieces. */
  parts: boolean;
  /** Settings that differ from the defaults. */
  environment: Readonly<Record<string, string>>;
}

export interface EmployerPlan {
  batches: number;
  /** People in each of them. */
  rows: number;
  /** What it brings beforehand. */
  firstMinor: bigint;
  /** Chance that money which was booked comes to the operator later. */
  lateMoney: number;
  /** Chance that the operator says a second thing of a payout, which contradicts the first. */
  contradiction: number;
  /** A batch that is made by itself, and whether people have agreed beforehand: to as much as it pays, or to less. */
  schedule: 'asks' | 'covered' | 'beyond' | undefined;
  /** Its people say of payouts that they went to the wrong person. */
  claims: boolean;
}

export interface NetworkMood {
  /** One way, milliseconds. */
  latencyMs: readonly [number, number];
  /** Chances for one request of ours or to us. */
  refused: number;
  lostAnswer: number;
  /** What reaches us comes twice. */
  repeated: number;
}

const MINUTE_MS = 60_000;

export function planOf(seed: number): WorldPlan {
  const employer = employerOf(drawOf(seed, 'employers'), drawOf(seed, 'schedules and claims'));
  const plan = { ...planOfCustomers(seed), parts: drawOf(seed, 'whether in parts').hits(0.3) };
  if (!employer || employer.contradiction === 0) return { ...plan, employer };
  const daraja = { ...plan.faults.daraja, contradictingResult: employer.contradiction };
  return { ...plan, faults: { ...plan.faults, daraja }, employer };
}

function employerOf(draw: Draw, later: Draw): EmployerPlan | undefined {
  if (!draw.hits(0.2)) return undefined;
  return {
    batches: draw.int(1, 3),
    rows: Math.round(draw.magnitude(4, 30)),
    firstMinor: draw.pick([0n, 2_000_000n, 20_000_000n, 200_000_000n]),
    lateMoney: draw.hits(0.4) ? 0.7 : 0,
    contradiction: draw.hits(0.3) ? draw.magnitude(0.02, 0.3) : 0,
    schedule: later.hits(0.5) ? later.pick(['asks', 'covered', 'covered', 'beyond'] as const) : undefined,
    claims: later.hits(0.5),
  };
}

function planOfCustomers(seed: number): Omit<WorldPlan, 'employer' | 'parts'> {
  const draw = drawOf(seed, 'plan');
  const customers = draw.hits(0.05) ? draw.int(100, 200) : Math.round(draw.magnitude(4, 36));
  const isCalm = draw.hits(0.08);
  const troubleMs = Math.round(draw.magnitude(5 * MINUTE_MS, 30 * MINUTE_MS));
  const often = (least: number, most: number) => (!isCalm && draw.hits(0.5) ? draw.magnitude(least, most) : 0);
  const calm = { faults: {}, outages: [], freezes: [], clockSteps: [], contradiction: 0 };
  const noTrouble = { mortality: { perStep: 0, most: 0, longestAwayMs: 0 }, disk: { jitter: 0.1, stall: 0 } };
  const common = { seed, customers, startMs: startOf(draw), troubleMs, environment: environmentOf(draw) };
  const network = {
    latencyMs: [1, Math.round(draw.magnitude(4, 400))] as const,
    refused: often(0.005, 0.1),
    lostAnswer: often(0.005, 0.1),
    repeated: often(0.01, 0.3),
  };
  if (isCalm) return { ...common, ...calm, ...noTrouble, network };
  return {
    ...common,
    network,
    faults: faultsOf(draw, seed),
    outages: outagesOf(draw, troubleMs),
    disk: { jitter: draw.pick([0, 0.1, 0.4]), stall: draw.hits(0.2) ? draw.magnitude(0.001, 0.01) : 0 },
    mortality: {
      perStep: draw.hits(0.85) ? draw.magnitude(0.0004, 0.02) : 0,
      most: draw.int(1, 8),
      longestAwayMs: draw.pick([1_000, 20_000, 180_000]),
    },
    freezes: listOf(draw, 0.3, 2, () => ({
      atMs: draw.int(0, troubleMs),
      durationMs: Math.round(draw.magnitude(500, 240_000)),
    })),
    clockSteps: listOf(draw, 0.3, 2, () => ({
      atMs: draw.int(0, troubleMs),
      byMs: draw.hits(0.5) ? draw.int(1, 15_000) : -draw.int(1, 2_000),
    })),
    contradiction: often(0.05, 0.6),
  };
}

/** Some begin just before the nightly jobs. */
function startOf(draw: Draw): number {
  const day = Date.UTC(2026, 10, draw.int(1, 28));
  const minutes = draw.hits(0.15) ? 22 * 60 + draw.int(0, 20) : draw.int(0, 24 * 60 - 1);
  return day + minutes * MINUTE_MS + draw.int(0, 59_999);
}

function environmentOf(draw: Draw): Record<string, string> {
  return {
    REPEAT_WINDOW_SECONDS: draw.pick(['120', '120', '30']),
    RULE_PAYMENTS_PER_10_MINUTES: draw.pick(['10', '10', '2']),
    RULE_PAYMENTS_ACTION: draw.pick(['hold', 'refuse']),
    WORKER_CONCURRENCY: draw.pick(['16', '16', '4', '1']),
    NOTICE_DELAY_MS: draw.pick(['45000', '5000']),
    OUTBOX_LEASE_S: draw.pick(['60', '60', '30']),
  };
}

function faultsOf(draw: Draw, seed: number): FaultPlan {
  const often = (least: number, most: number) => (draw.hits(0.45) ? draw.magnitude(least, most) : 0);
  const delayMs = (): [number, number] => [0, draw.hits(0.3) ? draw.int(3_000, 30_000) : draw.int(50, 1_500)];
  const common = () => ({
    lostRequest: often(0.01, 0.25),
    lostAnswer: often(0.01, 0.25),
    http500: often(0.01, 0.25),
    busy: often(0.01, 0.2),
    html: often(0.01, 0.2),
    delayMs: delayMs(),
  });
  const callbacks = () => ({ lostCallback: often(0.02, 0.6), repeatedCallback: often(0.02, 0.5) });
  return {
    seed,
    daraja: {
      ...common(),
      ...callbacks(),
      callbackBeforeAnswer: often(0.05, 0.5),
      alsoConfirm: often(0.1, 0.8),
      subscriberLocked: often(0.02, 0.3),
      queueTimeOut: often(0.05, 0.5),
      tokenRefused: often(0.02, 0.3),
    },
    biller: common(),
    sms: { ...common(), ...callbacks(), callbackBeforeAnswer: often(0.05, 0.3) },
  };
}

function outagesOf(draw: Draw, troubleMs: number): Outage[] {
  return listOf(draw, 0.35, 2, () => {
    const fromMs = draw.int(0, troubleMs);
    const untilMs = fromMs + Math.round(draw.magnitude(5_000, 10 * MINUTE_MS));
    return { party: draw.pick(PARTY_NAMES), fromMs, untilMs, kind: draw.pick(['refused', 'silent'] as const) };
  });
}

function listOf<T>(draw: Draw, chance: number, most: number, make: () => T): T[] {
  return draw.hits(chance) ? Array.from({ length: draw.int(1, most) }, make) : [];
}
