import type { CompiledMenu } from '../menus/index.ts';
import { ENGINE_TEXTS } from '../menus/index.ts';
import type { SessionState } from './session-state.ts';

/** What is known of a number's last dial, for ten minutes. */
export interface DialRecord {
  lang: string;
  /** Key of its session. */
  session: string;
  /** The screen beyond home where it stands or was cut off; left out when there is nothing to go on with. */
  at?: string;
  /** A payment that was confirmed and is shown first at the next dial. */
  payment?: string;
  /** The gateway said that the session was cut off. */
  dropped?: true;
}

export function dialRecord(menu: CompiledMenu, state: SessionState, sessionKey: string): string {
  const record: DialRecord = { lang: state.lang, session: state.dropped?.session ?? sessionKey };
  const at = state.dropped?.at ?? (canResume(menu, state) ? state.at : undefined);
  if (at !== undefined) record.at = at;
  if (state.payment !== undefined) record.payment = state.payment;
  return JSON.stringify(record);
}

/** Ends that are our fault, not the customer's wish: what he was doing can be taken up. */
const RESUMABLE_ENDS: ReadonlySet<string> = new Set([
  ENGINE_TEXTS.busy,
  ENGINE_TEXTS.late,
  ENGINE_TEXTS.fault,
  ENGINE_TEXTS.tooLong,
]);

/**
 * Beyond home, not ended, and nothing that a PIN opened: who finds the phone in those ten minutes would be let in.
 */
export function canResume(menu: CompiledMenu, state: SessionState): boolean {
  const { start, entries } = menu.source;
  if (state.at === start || state.at === entries.resume || state.at === entries.underWay) return false;
  if (menu.unlocking.some((name) => state.vars[name] !== undefined)) return false;
  const node = menu.node(state.at);
  if (node?.kind === 'input' && node.secret) return false;
  return !state.ended || (state.final !== undefined && RESUMABLE_ENDS.has(state.final));
}

/** Undefined for what this code did not write. */
export function parseDial(text: string | undefined): DialRecord | undefined {
  if (text === undefined) return undefined;
  try {
    const record = JSON.parse(text) as DialRecord;
    return typeof record.session === 'string' && typeof record.lang === 'string' ? record : undefined;
  } catch {
    return undefined;
  }
}
