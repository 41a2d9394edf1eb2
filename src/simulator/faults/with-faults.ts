import {
  htmlReply,
  type SimulatorAnswer,
  type SimulatorLog,
  type SimulatorReply,
  type Timers,
} from '../basis/index.ts';
import type { PartyFaults } from './fault-desk.ts';

/** What an operation of a party did. */
export interface Served {
  reply: SimulatorReply;
  /**
   * What the operation sets going: the handset rings, a result or a report is sent. Called once. With `early` it acts
   * without waiting and resolves when the callback was sent, so that it comes before the answer.
   */
  follow?: (early: boolean) => Promise<void>;
}

export interface FaultyParty {
  faults: PartyFaults;
  timers: Timers;
  log: SimulatorLog;
  /** The party's own words when it is too busy. `disguised`: as HTTP 200, where its wire is known to do so. */
  busyReply(disguised: boolean): SimulatorReply;
  http500Reply(): SimulatorReply;
  /** Refusals that exist at one party only. Undefined: this one has no such thing. */
  refusal?(kind: 'subscriberLocked' | 'tokenRefused'): SimulatorReply | undefined;
}

/** The longest that an answer is held back for a callback that is to come before it. */
const EARLY_CALLBACK_LIMIT_MS = 2_000;

const PAGE = `<!DOCTYPE html><html><head><title>503 Service Temporarily Unavailable</title></head>
<body><center><h1>503 Service Temporarily Unavailable</h1></center><hr><center>gateway</center></body></html>`;

/** Runs an operation the way an unreliable network and an unreliable party would. */
export async function serveWithFaults(
  party: FaultyParty,
  operation: () => Promise<Served> | Served,
): Promise<SimulatorAnswer> {
  const { timers } = party;
  const fate = party.faults.drawRequest();
  const late = async (answer: SimulatorAnswer) => {
    if (fate.delayMs > 0) await timers.sleep(fate.delayMs);
    return answer;
  };
  const process = async (): Promise<SimulatorReply> => {
    const served = await operation();
    const followed = served.follow?.(fate.callbackBeforeAnswer).catch((error: unknown) => {
      party.log.error({ err: error }, 'what a request set going has failed');
    });
    if (followed && fate.callbackBeforeAnswer) await timers.atMost(EARLY_CALLBACK_LIMIT_MS, followed);
    return served.reply;
  };
  switch (fate.kind) {
    case 'lostRequest':
      return late('hang-up');
    case 'busy':
      return late(party.busyReply(fate.disguised));
    case 'subscriberLocked':
    case 'tokenRefused':
      return late(party.refusal?.(fate.kind) ?? (await process()));
    case 'http500':
      if (fate.processed) await process();
      return late(party.http500Reply());
    case 'html':
      if (fate.processed) await process();
      return late(htmlReply(fate.disguised ? 200 : 503, PAGE));
    case 'lostAnswer':
      await process();
      return late('hang-up');
    case 'none':
      return late(await process());
  }
}
