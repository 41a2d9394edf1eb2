import type { Chance } from '../../kernel/index.ts';
import { type FaultPlan, PARTIES, type Party, type PartyPlan } from './fault-plan.ts';
import { type Fractions, seededFractions } from './seeded-fractions.ts';

/** What befalls one request. At most one of the kinds that spoil the answer. */
export interface RequestFate {
  kind: 'none' | 'lostRequest' | 'busy' | 'http500' | 'html' | 'lostAnswer' | 'subscriberLocked' | 'tokenRefused';
  /** For `http500` and `html`: whether the request took effect. */
  processed: boolean;
  callbackBeforeAnswer: boolean;
  /** Where an error may come as HTTP 200. */
  disguised: boolean;
  delayMs: number;
}

export interface CallbackFate {
  lost: boolean;
  repeated: boolean;
  delayMs: number;
  repeatAfterMs: number;
}

type Occasion = 'contradictingQuery' | 'contradictingResult' | 'alsoConfirm' | 'queueTimeOut' | 'gone';

export interface PartyFaults {
  drawRequest(): RequestFate;
  drawCallback(): CallbackFate;
  drawOccasion(occasion: Occasion): boolean;
  /** After how many milliseconds the token of a sale comes; undefined: with the booking. */
  drawTokenDelayMs(): number | undefined;
}

export interface FaultDesk {
  apply(plan: FaultPlan): void;
  clear(): void;
  current(): FaultPlan;
  of(party: Party): PartyFaults;
}

const NO_FATE: RequestFate = {
  kind: 'none',
  processed: true,
  callbackBeforeAnswer: false,
  disguised: false,
  delayMs: 0,
};
const NO_CALLBACK_FATE: CallbackFate = { lost: false, repeated: false, delayMs: 0, repeatAfterMs: 0 };

interface PartyState {
  plan: PartyPlan | undefined;
  fractions: Fractions;
}

/** Keeps the faults in force. Each party has a stream of its own, so that load on one does not move another's luck. */
export function makeFaultDesk(chance: Chance): FaultDesk {
  let seed: string | number | undefined;
  const states = new Map<Party, PartyState>();
  const reseed = (base: string) => {
    for (const party of PARTIES) {
      states.set(party, { plan: states.get(party)?.plan, fractions: seededFractions(`${base}:${party}`) });
    }
  };
  reseed(chance.bytes(8).toString('hex'));
  const clear = () => {
    seed = undefined;
    for (const state of states.values()) state.plan = undefined;
  };
  const stateOf = (party: Party): PartyState =>
    states.get(party) ?? { plan: undefined, fractions: seededFractions(party) };
  return {
    clear,
    apply(plan) {
      if (Object.keys(plan).length === 0) return clear();
      if (plan.seed !== undefined) {
        seed = plan.seed;
        reseed(String(plan.seed));
      }
      for (const party of PARTIES) {
        const given = plan[party];
        if (given) stateOf(party).plan = Object.keys(given).length === 0 ? undefined : given;
      }
    },
    current() {
      const plan: FaultPlan = seed === undefined ? {} : { seed };
      for (const party of PARTIES) plan[party] = stateOf(party).plan ?? {};
      return plan;
    },
    of: (party) => ({
      drawRequest: () => drawRequest(stateOf(party)),
      drawCallback: () => drawCallback(stateOf(party)),
      drawOccasion(occasion) {
        const { plan, fractions } = stateOf(party);
        return plan !== undefined && fractions.next() < (plan[occasion] ?? 0);
      },
      drawTokenDelayMs: () => drawTokenDelayMs(stateOf(party)),
    }),
  };
}

/** Draws the same count of numbers whatever the chances are: a plan that differs in one chance differs in that alone. */
function drawRequest({ plan, fractions }: PartyState): RequestFate {
  if (!plan) return NO_FATE;
  const hit = (probability: number | undefined) => fractions.next() < (probability ?? 0);
  const kinds: [RequestFate['kind'], boolean][] = [
    ['lostRequest', hit(plan.lostRequest)],
    ['busy', hit(plan.busy)],
    ['tokenRefused', hit(plan.tokenRefused)],
    ['subscriberLocked', hit(plan.subscriberLocked)],
    ['http500', hit(plan.http500)],
    ['html', hit(plan.html)],
    ['lostAnswer', hit(plan.lostAnswer)],
  ];
  return {
    kind: kinds.find(([, happens]) => happens)?.[0] ?? 'none',
    processed: fractions.next() < 0.5,
    callbackBeforeAnswer: hit(plan.callbackBeforeAnswer),
    disguised: fractions.next() < 0.25,
    delayMs: within(plan.delayMs, fractions.next()),
  };
}

function drawCallback({ plan, fractions }: PartyState): CallbackFate {
  if (!plan) return NO_CALLBACK_FATE;
  return {
    lost: fractions.next() < (plan.lostCallback ?? 0),
    repeated: fractions.next() < (plan.repeatedCallback ?? 0),
    delayMs: within(plan.delayMs, fractions.next()),
    repeatAfterMs: Math.round(fractions.next() * 1_000) + within(plan.delayMs, fractions.next()),
  };
}

const TOKEN_AFTER_MS = [60_000, 60_000] as const;

/** Draws nothing where the plan does not speak of it, so that a plan without it goes on as it always went. */
function drawTokenDelayMs({ plan, fractions }: PartyState): number | undefined {
  if (plan?.tokenLater === undefined) return undefined;
  const isLater = fractions.next() < plan.tokenLater;
  const delayMs = within(plan.tokenAfterMs ?? TOKEN_AFTER_MS, fractions.next());
  return isLater ? delayMs : undefined;
}

function within(range: readonly [number, number] | undefined, fraction: number): number {
  return range ? Math.round(range[0] + (range[1] - range[0]) * fraction) : 0;
}
