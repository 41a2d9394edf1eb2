import { collectDefaultMetrics, type Gauge, type Histogram, Registry } from 'prom-client';
import { makeInstruments } from './instruments.ts';

/** How a hop ended. `repeat`: the turn had its answer already. `failed`: the screen said that something went wrong. */
export const HOP_OUTCOMES = ['continue', 'end', 'repeat', 'refused', 'failed'] as const;
export type HopOutcome = (typeof HOP_OUTCOMES)[number];

/** What became of a callback. `repeat`: the same body was stored before. `unmatched`: it fits nothing yet. */
export const CALLBACK_FATES = ['stored', 'repeat', 'unmatched', 'refused'] as const;
export type CallbackFate = (typeof CALLBACK_FATES)[number];

export interface OutboxGauges {
  /** Rows to be done, due or not. */
  ready: number;
  /** How long the oldest due row has been due. */
  overdueMs: number;
  /** The most attempts of a row that is still to be done. */
  attempts?: number;
  /** Rows that were given to staff. */
  dead: number;
}

/**
 * What the service counts. Names and labels are the operations manual's: change both together. Labels hold names from the
 * code, never anything that came from outside.
 */
export interface Metrics {
  hop(outcome: HopOutcome, durationMs: number): void;
  /** `kind` as `daraja.stk`. */
  callback(kind: string, fate: CallbackFate): void;
  providerCall(provider: string, operation: string, outcome: string, durationMs: number): void;
  /** One step of the outbox ended: `done`, `postponed`, `failed` or `dead`. */
  outboxStep(topic: string, outcome: string): void;
  jobEnded(name: string, outcome: 'done' | 'failed', durationMs: number): void;
  httpError(status: number): void;
  outbox(gauges: OutboxGauges): void;
  /** Replaces the counts of all states; a state that is not named counts 0. */
  transfers(byState: Readonly<Record<string, number>>): void;
  messages(byState: Readonly<Record<string, number>>): void;
  webhooks(gauges: { waiting: number; overdueMs: number }): void;
  /** Of the accounts that pay people: `float` in whole units of the currency. */
  payoutFloats(floats: readonly { operator: string; float: number; ageMs: number }[], waitingForMoney: number): void;
  /** Runs before each rendering, to set gauges from the stores; a failure leaves them as they were. */
  onRender(task: () => Promise<void>): void;
  render(): Promise<{ contentType: string; body: string }>;
}

export interface MetricsOptions {
  /** Memory, event loop, garbage collection of this process. Off in tests. */
  process?: boolean;
}

/** Each process has its own. A registry of its own, so that several can live in one process. */
export function makeMetrics(options: MetricsOptions = {}): Metrics {
  const registry = new Registry();
  if (options.process) collectDefaultMetrics({ register: registry });
  const { hopSeconds, callSeconds, jobSeconds, callbacks, steps, httpErrors, ...gauges } = makeInstruments(registry);
  const hops = Object.fromEntries(HOP_OUTCOMES.map((outcome) => [outcome, hopSeconds.labels(outcome)])) as Record<
    HopOutcome,
    Histogram.Internal<'outcome'>
  >;
  const renderTasks: (() => Promise<void>)[] = [];
  let rendering: Promise<{ contentType: string; body: string }> | undefined;

  return {
    hop: (outcome, durationMs) => hops[outcome].observe(durationMs / 1_000),
    callback: (kind, fate) => callbacks.inc({ kind, fate }),
    providerCall: (provider, operation, outcome, durationMs) =>
      callSeconds.observe({ provider, operation, outcome }, durationMs / 1_000),
    outboxStep: (topic, outcome) => steps.inc({ topic, outcome }),
    jobEnded: (job, outcome, durationMs) => jobSeconds.observe({ job, outcome }, durationMs / 1_000),
    httpError: (status) => httpErrors.inc({ status }),
    outbox({ ready, overdueMs, attempts, dead }) {
      gauges.outboxReady.set(ready);
      gauges.outboxOverdue.set(overdueMs / 1_000);
      if (attempts !== undefined) gauges.outboxAttempts.set(attempts);
      gauges.outboxDead.set(dead);
    },
    transfers: (byState) => setAll(gauges.transfers, byState),
    messages: (byState) => setAll(gauges.messages, byState),
    webhooks({ waiting, overdueMs }) {
      gauges.webhooksWaiting.set(waiting);
      gauges.webhooksOverdue.set(overdueMs / 1_000);
    },
    payoutFloats(floats, waitingForMoney) {
      for (const { operator, float, ageMs } of floats) {
        gauges.payoutFloat.set({ operator }, float);
        gauges.payoutFloatAge.set({ operator }, ageMs / 1_000);
      }
      gauges.batchesWithoutMoney.set(waitingForMoney);
    },
    onRender: (task) => renderTasks.push(task),
    render() {
      // However many ask at once, the stores are counted once.
      rendering ??= (async () => {
        await Promise.allSettled(renderTasks.map((task) => task()));
        return { contentType: registry.contentType, body: await registry.metrics() };
      })().finally(() => {
        rendering = undefined;
      });
      return rendering;
    },
  };
}

function setAll(gauge: Gauge, byState: Readonly<Record<string, number>>): void {
  gauge.reset();
  for (const [state, count] of Object.entries(byState)) gauge.set({ state }, count);
}
