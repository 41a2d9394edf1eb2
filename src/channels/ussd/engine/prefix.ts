import { hash } from 'node:crypto';
import type { SessionState } from './session-state.ts';

/** Names turns and inputs without saying them. The key keeps short inputs, a PIN above all, from being found by trying. */
export type Sealer = (text: string) => string;

export function makeSealer(key: string): Sealer {
  return (text) => hash('sha256', `${key}\n${text}`, 'base64url').slice(0, 32);
}

/** The key of a turn of a gateway that resends all inputs: gateway, session and all of them. It is also the hash of that prefix. */
export const turnKeyOf = (seal: Sealer, sessionKey: string, text: string): string => seal(`${sessionKey}\n${text}`);

/** A gateway that sends the latest input only: the turn is named by its place, so that two at once are one. */
export const latestTurnKeyOf = (seal: Sealer, sessionKey: string, version: number, text: string): string =>
  seal(`${sessionKey}\n#${version}\n${text}`);

/**
 * The new input: what follows the stored prefix and one separator, whatever it holds. Undefined when the text does not
 * go on from that prefix: an older request that comes late, or one that was made up.
 *
 * The first reply has no separator before it, and an empty first reply comes as a bare `*`. After that the next text
 * may be `*1` or `**1`, depending on whether the gateway counts the empty reply: both are the input `1`.
 */
export function newInput(seal: Sealer, sessionKey: string, state: SessionState, text: string): string | undefined {
  const { length } = state;
  if (text.length <= length) return undefined;
  if (turnKeyOf(seal, sessionKey, text.slice(0, length)) !== state.hash) return undefined;
  const rest = text.slice(length);
  if (length === 0) return rest === '*' ? '' : rest;
  if (rest.startsWith('*')) return rest.slice(1);
  return state.bareStar ? rest : undefined;
}

/** Notes in the state of a turn under way how far its inputs go: their length and hash, and nothing else of them. */
export function notePrefix(state: SessionState, text: string, hashOfText: string): void {
  state.length = text.length;
  state.hash = hashOfText;
  state.bareStar = text === '*' || undefined;
}

/**
 * The inputs that came with the dial string. Gateways differ in where they put them: after the service code, in the
 * text, or in both. The text of a session that we no longer know is read the same way.
 */
export function dialledInputs(text: string, dialled: string): string[] {
  const hasBoth = dialled !== '' && text !== '' && text !== dialled && !text.startsWith(`${dialled}*`);
  const all = hasBoth ? `${dialled}*${text}` : text || dialled;
  return all === '' ? [] : all.split('*');
}
