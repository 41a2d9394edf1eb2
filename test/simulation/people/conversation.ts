import type { SessionView } from '../../../src/simulator/handset/index.ts';
import type { SimulatorCore } from '../../../src/simulator/index.ts';
import { networkById } from '../../../src/simulator/ussd/index.ts';
import type { Draw } from '../world/draw.ts';
import type { Trace } from '../world/trace.ts';
import type { VirtualTime } from '../world/virtual-time.ts';
import type { Profile } from './profile.ts';
import type { Screens } from './screens.ts';

/** One thing to do on a screen: press the choice with these words, or type. */
export type Move = { choose: string } | { label: string } | { type: string } | { pin: true };

/** A session in which the customer confirmed a payment, and what he was told. */
export interface Confirmation {
  sessionId: string;
  msisdn: string;
  atMs: number;
  /** Screens that answered his confirming; one that never came is left out. */
  answers: { text: string; claimsNothingCharged: boolean }[];
}

export interface TalkDeps {
  core: SimulatorCore;
  time: VirtualTime;
  trace: Trace;
  draw: Draw;
  screens: Screens;
  confirmations: Confirmation[];
  serviceCode: string;
}

export type TalkEnd = 'done' | 'confirmed' | 'cut off' | 'gave up' | 'under way';

const MOST_HOPS = 25;

/** Dials and goes through the moves, as a person: thinks, mistypes, is interrupted, loses the network. */
export async function talk(
  deps: TalkDeps,
  who: Profile,
  moves: readonly Move[],
  dialled = deps.serviceCode,
): Promise<TalkEnd> {
  const { core, trace, draw } = deps;
  const network = networkById(who.network);
  if (!network) throw new Error(`no network ${who.network}`);
  trace.count('dials');
  trace.note(`${who.msisdn} dials ${dialled}`);
  const first = await core.ussd.dial({ msisdn: who.msisdn, network, dialled });
  if ('refused' in first) return 'gave up';
  let view: SessionView = first;
  let step = 0;
  for (let hops = 0; view.state === 'open' && hops < MOST_HOPS; hops += 1) {
    await think(deps, who);
    if (draw.hits(0.015 + 0.02 * who.haste)) {
      trace.note(`${who.msisdn} hangs up`);
      core.ussd.cancel({ msisdn: who.msisdn, sessionId: view.id });
      return 'gave up';
    }
    const next = nextInput(deps, who, view.text, moves[step]);
    if (next === 'under way' && draw.hits(0.6)) {
      core.ussd.cancel({ msisdn: who.msisdn, sessionId: view.id });
      return 'under way';
    }
    const input = next === 'under way' ? deps.screens.keyOf(view.text, 'ussd.under-way.menu') : next.input;
    if (input === undefined) {
      core.ussd.cancel({ msisdn: who.msisdn, sessionId: view.id });
      return 'gave up';
    }
    if (next !== 'under way' && next.took) step += 1;
    const confirming = deps.screens.keyOf(view.text, 'ussd.pay.confirm-yes') === input;
    const confirmation = confirming ? noteConfirmation(deps, who, view.id) : undefined;
    trace.note(`${who.msisdn} types ${input}`);
    const answer = await core.ussd.reply({ msisdn: who.msisdn, sessionId: view.id, text: input });
    if (!answer) return 'cut off';
    view = answer;
    trace.note(`${who.msisdn} sees ${view.end ?? view.state}: ${view.text.replace(/\s+/g, ' ').slice(0, 120)}`);
    if (confirmation) {
      const isAnswer = view.end === undefined || view.end === 'ended';
      if (isAnswer) {
        const claimsNothingCharged = deps.screens.saysNothingCharged(view.text);
        confirmation.answers.push({ text: view.text, claimsNothingCharged });
      }
      return isAnswer ? 'confirmed' : 'cut off';
    }
  }
  return view.end === 'ended' ? 'done' : 'cut off';
}

async function think({ time, draw }: TalkDeps, who: Profile): Promise<void> {
  // Some are called away until the network closes the session.
  const ms = draw.hits(0.01) ? 65_000 : draw.magnitude(600, 12_000 - 6_000 * who.haste);
  await time.sleep(Math.round(ms));
}

type Next = { input: string | undefined; took: boolean } | 'under way';

function nextInput({ screens, draw }: TalkDeps, who: Profile, screen: string, move: Move | undefined): Next {
  if (screens.shows(screen, 'ussd.pin.ask')) {
    return { input: draw.hits(0.15) ? '1357' : who.pin, took: false };
  }
  if (screens.keyOf(screen, 'ussd.under-way.menu') !== undefined) return 'under way';
  if (screens.shows(screen, 'ussd.resume.question')) return { input: draw.pick(['1', '2']), took: false };
  if (draw.hits(0.02)) return { input: draw.pick(['7', '0', 'abc', '*', '00', '98', '']), took: false };
  if (!move) return { input: undefined, took: false };
  if ('type' in move) return { input: move.type, took: true };
  if ('pin' in move) return { input: who.pin, took: true };
  const key = 'choose' in move ? screens.keyOf(screen, move.choose) : screens.keyOfLabel(screen, move.label);
  if (key !== undefined) return { input: key, took: true };
  // Perhaps on the next page; else back to where it begins, and no further.
  if (/^98 /m.test(screen)) return { input: '98', took: false };
  return { input: undefined, took: false };
}

function noteConfirmation(
  { confirmations, time, trace }: TalkDeps,
  { msisdn }: Profile,
  sessionId: string,
): Confirmation {
  trace.count('confirmations');
  const confirmation = { sessionId, msisdn, atMs: time.nowMs(), answers: [] };
  confirmations.push(confirmation);
  return confirmation;
}
