import { DeadlineError, withDeadline } from '../../../kernel/index.ts';
import type { UssdHop, UssdReply } from '../../../providers/ussd/index.ts';
import { ENGINE_TEXTS } from '../menus/index.ts';
import { tryTurn } from './try-turn.ts';
import { StoreFault, type TurnDeps, type TurnWatch } from './turn-deps.ts';

/** Turns that other requests of the same session may store before ours, until it gives up. */
const MOST_ROUNDS = 4;

/**
 * Answers one request of a gateway. A turn happens once: whoever asks again gets the answer that it had. Never throws
 * and always answers within `hopTimeoutMs`.
 */
export async function takeTurn(deps: TurnDeps, hop: UssdHop): Promise<UssdReply> {
  const startedAtMs = deps.clock.now();
  const watch: TurnWatch = {
    ...{ language: deps.defaultLanguage, kind: 'plain', screen: undefined },
    ...{ paying: false, made: undefined, late: undefined },
  };
  let reply: UssdReply;
  try {
    reply = await withDeadline(deps.clock, deps.hopTimeoutMs, answer(deps, hop, watch));
  } catch (error) {
    reply = answerFailure(deps, hop, watch, error);
  }
  if (deps.observe) {
    const { kind, screen } = watch;
    const durationMs = deps.clock.now() - startedAtMs;
    deps.observe({ kind, screen, ended: reply.kind === 'end', network: hop.network, durationMs });
  }
  return reply;
}

async function answer(deps: TurnDeps, hop: UssdHop, watch: TurnWatch): Promise<UssdReply> {
  for (let round = 0; round < MOST_ROUNDS; round += 1) {
    const reply = await tryTurn(deps, hop, watch);
    if (reply) return reply;
  }
  throw new StoreFault('other requests of the session were always first');
}

/** What can be said when the turn was not finished: never that a payment was not made if it may have been. */
function answerFailure(deps: TurnDeps, { network, sessionId }: UssdHop, watch: TurnWatch, error: unknown): UssdReply {
  const { paying } = watch;
  let text: string;
  if (error instanceof DeadlineError) {
    deps.log.warn({ session: sessionId, paying }, 'a hop took too long');
    text = paying ? ENGINE_TEXTS.lateWhilePaying : ENGINE_TEXTS.late;
  } else if (error instanceof StoreFault) {
    deps.log.warn({ session: sessionId, paying, err: error.cause ?? error }, 'a hop could not be stored');
    text = paying ? ENGINE_TEXTS.faultWhilePaying : ENGINE_TEXTS.busy;
  } else {
    deps.log.error({ session: sessionId, paying, err: error }, 'a hop failed');
    text = paying ? ENGINE_TEXTS.faultWhilePaying : ENGINE_TEXTS.fault;
  }
  watch.kind = 'failed';
  const reply: UssdReply = watch.made ?? { kind: 'end', text: deps.menus.current().say(text, watch.language, network) };
  watch.late = reply;
  return reply;
}
