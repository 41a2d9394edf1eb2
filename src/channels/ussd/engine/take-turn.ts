import { DeadlineError, withDeadline } from '../../../kernel/index.ts';
import type { UssdHop, UssdReply } from '../../../providers/ussd/index.ts';
import { ENGINE_TEXTS } from '../menus/index.ts';
import { tryTurn } from './try-turn.ts';
import { makeTurn, type Turn } from './turn.ts';
import type { TurnDeps } from './turn-deps.ts';

/** Turns that other requests of the same session may store before ours, until it gives up. */
const MOST_ROUNDS = 4;

/**
 * Answers one request of a gateway. A turn happens once: whoever asks again gets the answer that it had. Never throws
 * and always answers within `hopTimeoutMs`.
 */
export async function takeTurn(deps: TurnDeps, hop: UssdHop): Promise<UssdReply> {
  const startedAtMs = deps.clock.now();
  const turn = makeTurn(deps, hop);
  let reply: UssdReply;
  try {
    reply = await withDeadline(deps.clock, deps.hopTimeoutMs, answer(turn));
  } catch (error) {
    reply = answerFailure(turn, error);
  }
  const { kind, screen, sessionKey } = turn;
  const { msisdn, network } = hop;
  const durationMs = deps.clock.now() - startedAtMs;
  deps.observe?.({ kind, screen, sessionKey, msisdn, ended: reply.kind === 'end', network, durationMs });
  deps.log.debug({ session: hop.sessionId, kind, screen, durationMs }, 'hop');
  return reply;
}

async function answer(turn: Turn): Promise<UssdReply> {
  for (let round = 0; round < MOST_ROUNDS; round += 1) {
    const reply = await tryTurn(turn);
    if (reply) return reply;
  }
  turn.atStore = true;
  throw new Error('other requests of the session were always first');
}

/** What can be said when the turn was not finished: never that a payment was not made if it may have been. */
function answerFailure(turn: Turn, error: unknown): UssdReply {
  const { deps, hop, paying, made } = turn;
  const session = hop.sessionId;
  let text: string;
  if (error instanceof DeadlineError) {
    deps.log.warn({ session, paying }, 'a hop took too long');
    text = paying ? ENGINE_TEXTS.lateWhilePaying : ENGINE_TEXTS.late;
  } else if (turn.atStore) {
    deps.log.warn({ session, paying, err: error }, 'the session store is out of reach');
    text = paying ? ENGINE_TEXTS.faultWhilePaying : ENGINE_TEXTS.busy;
  } else {
    deps.log.error({ session, paying, err: error }, 'a hop failed');
    text = paying ? ENGINE_TEXTS.faultWhilePaying : ENGINE_TEXTS.fault;
  }
  turn.kind = 'failed';
  turn.late = made ?? { kind: 'end', text: deps.menus.current().say(text, turn.language, hop.network) };
  return turn.late;
}
