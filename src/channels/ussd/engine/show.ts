import type { NetworkName, UssdReply } from '../../../providers/ussd/index.ts';
import type { CompiledMenu } from '../menus/index.ts';
import type { SessionState } from './session-state.ts';
import { viewOf } from './step.ts';

/** The screen of a state, on the network that asks. */
export function show(menu: CompiledMenu, state: SessionState, network: NetworkName): UssdReply {
  if (state.final !== undefined) return { kind: 'end', text: menu.say(state.final, state.lang, network) };
  const pages = menu.pages(state.at, viewOf(state, network));
  const page = pages[Math.min(state.page ?? 0, pages.length - 1)] ?? '';
  return { kind: state.ended ? 'end' : 'continue', text: page };
}

/** How the session store keeps an answer. */
export const encodeAnswer = ({ kind, text }: UssdReply): string => (kind === 'end' ? 'E' : 'C') + text;

export const decodeAnswer = (answer: string): UssdReply => ({
  kind: answer.startsWith('E') ? 'end' : 'continue',
  text: answer.slice(1),
});
