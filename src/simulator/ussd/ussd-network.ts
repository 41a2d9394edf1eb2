import type { Runtime } from '../../kernel/index.ts';
import type { HttpPort } from '../../platform/http/index.ts';
import type { SimulatorConfig, SimulatorLog, Timers } from '../basis/index.ts';
import type { HandsetDesk, SessionEnd, SessionView } from '../handset/index.ts';
import { appendInput, readDialString } from './dial-string.ts';
import { askGateway, tellSessionEnd } from './gateway-wire.ts';
import { cutToFit, measureScreen, type Network, SESSION_MS } from './network.ts';
import type { Session } from './session.ts';

/** The mobile network and Africa's Talking's USSD side: it carries what a handset dials to the gateway. */
export interface UssdNetwork {
  dial(input: { msisdn: string; network: Network; dialled: string }): Promise<SessionView | DialRefusal>;
  /** Undefined when the session is not open (any more). */
  reply(input: { msisdn: string; sessionId: string; text: string }): Promise<SessionView | undefined>;
  cancel(input: { msisdn: string; sessionId: string }): SessionView | undefined;
  current(msisdn: string): SessionView | undefined;
  clear(): void;
}

export interface DialRefusal {
  refused: 'not-ussd' | 'not-ours';
}

export interface UssdNetworkDeps {
  runtime: Runtime;
  timers: Timers;
  http: HttpPort;
  log: SimulatorLog;
  config: SimulatorConfig;
  desk: HandsetDesk;
}

interface Context extends UssdNetworkDeps {
  /** The open session of a number, and its last until the next. */
  sessions: Map<string, Session>;
}

/** END on the wire is not yet a closed session: the network needs a moment to release it. */
const RELEASE_MS = 400;
const MOST_SESSIONS = 10_000;

export function makeUssdNetwork(deps: UssdNetworkDeps): UssdNetwork {
  const context: Context = { ...deps, sessions: new Map() };
  const openSession = (msisdn: string, sessionId: string) => {
    const session = context.sessions.get(msisdn);
    return session && session.id === sessionId && session.state !== 'closed' ? session : undefined;
  };
  return {
    dial: (input) => dial(context, input),
    async reply({ msisdn, sessionId, text }) {
      const session = openSession(msisdn, sessionId);
      if (session?.state !== 'open') return undefined;
      session.text = appendInput(session.text, text.slice(0, session.network.inputCharacters), !session.hasInput);
      session.hasInput = true;
      return hop(context, session);
    },
    cancel({ msisdn, sessionId }) {
      const session = openSession(msisdn, sessionId);
      if (!session) return undefined;
      close(context, session, 'cancelled', 'You ended the session.');
      return view(context, session);
    },
    current(msisdn) {
      const session = context.sessions.get(msisdn);
      return session && session.state !== 'closed' ? view(context, session) : undefined;
    },
    clear: () => context.sessions.clear(),
  };
}

async function dial(
  context: Context,
  { msisdn, network, dialled }: { msisdn: string; network: Network; dialled: string },
): Promise<SessionView | DialRefusal> {
  const read = readDialString(dialled, context.config.serviceCode);
  if ('refused' in read) return read;
  const before = context.sessions.get(msisdn);
  if (before && before.state !== 'closed') close(context, before, 'cancelled', 'Another session was dialled.');
  const session: Session = {
    id: `ATUid_${context.runtime.chance.bytes(16).toString('hex')}`,
    msisdn,
    network,
    startedAt: context.runtime.clock.now(),
    state: 'waiting',
    text: read.text,
    hasInput: read.text !== '',
    hops: 0,
    answerMs: 0,
    idleUntil: 0,
    lastScreen: '',
    lastResponse: '',
    metadata: [],
  };
  context.sessions.delete(msisdn);
  context.sessions.set(msisdn, session);
  dropOldest(context);
  context.desk.occupy(msisdn);
  session.sessionTimer = context.timers.set(SESSION_MS, () => {
    close(context, session, 'too-long', `The network closes a session after ${SESSION_MS / 1_000} s.`);
  });
  return hop(context, session);
}

function dropOldest({ sessions }: Context): void {
  if (sessions.size <= MOST_SESSIONS) return;
  for (const [msisdn, session] of sessions) {
    if (session.state !== 'closed') continue;
    sessions.delete(msisdn);
    return;
  }
}

async function hop(context: Context, session: Session): Promise<SessionView> {
  const { clock } = context.runtime;
  session.idleTimer?.cancel();
  session.state = 'waiting';
  session.hops += 1;
  announce(context, session);
  const askedAt = clock.now();
  const answer = await askGateway(context, session);
  session.answerMs = clock.now() - askedAt;
  // Closed meanwhile by the user or the network: nobody sees this answer.
  if (session.end !== undefined) return view(context, session);
  if ('why' in answer) {
    close(context, session, answer.kind, answer.why);
    return view(context, session);
  }
  session.lastScreen = answer.text;
  session.lastResponse = `${answer.kind === 'end' ? 'END' : 'CON'} ${answer.text}`;
  session.metadata.push(answer.metadata);
  if (answer.kind === 'end') {
    close(context, session, 'ended');
    return view(context, session);
  }
  session.state = 'open';
  const { idleMs } = session.network;
  session.idleUntil = clock.now() + idleMs;
  session.idleTimer = context.timers.set(idleMs, () => {
    close(context, session, 'idle', `No reply for ${idleMs / 1_000} s: the network closed the session.`);
  });
  announce(context, session);
  return view(context, session);
}

function close(context: Context, session: Session, end: SessionEnd, why?: string): void {
  if (session.end !== undefined) return;
  session.end = end;
  if (why !== undefined) session.why = why;
  session.state = 'closed';
  session.idleTimer?.cancel();
  session.sessionTimer?.cancel();
  announce(context, session);
  const release = () => {
    // A session dialled in the meantime keeps the screen.
    if (context.sessions.get(session.msisdn) === session) context.desk.release(session.msisdn);
    tellSessionEnd(context, session).catch((error: unknown) => {
      context.log.error({ err: error }, 'the end of a session could not be told');
    });
  };
  if (end === 'ended') context.timers.set(RELEASE_MS, release);
  else release();
}

function announce(context: Context, session: Session): void {
  context.desk.emit(session.msisdn, { type: 'session', session: view(context, session) });
}

function view({ runtime }: Context, session: Session): SessionView {
  const { network, lastScreen } = session;
  const { shown, cutOff } = cutToFit(lastScreen, network);
  return {
    id: session.id,
    state: session.state,
    text: shown,
    budget: measureScreen(lastScreen, network),
    cutOff,
    hops: session.hops,
    answerMs: session.answerMs,
    idleLimitMs: network.idleMs,
    idleLeftMs: session.state === 'open' ? Math.max(0, session.idleUntil - runtime.clock.now()) : network.idleMs,
    sessionLimitMs: SESSION_MS,
    sessionLeftMs: Math.max(0, session.startedAt + SESSION_MS - runtime.clock.now()),
    inputLimit: network.inputCharacters,
    ...(session.end && { end: session.end }),
    ...(session.why && { why: session.why }),
  };
}
