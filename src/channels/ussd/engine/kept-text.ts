import type { CompiledMenu } from '../menus/index.ts';
import type { SessionState } from './session-state.ts';

/** Encrypts what a session keeps of a secret. */
export interface SessionSealing {
  seal(text: string): string;
  open(sealed: string): string;
}

/** Stands before what is sealed; neither a state nor an answer begins with it. */
const SEALED = '!';

/** Whether the session holds something that no store may show, such as the tokens of a meter. */
export function holdsSecret(menu: CompiledMenu, { vars }: SessionState): boolean {
  return menu.secrets.some((name) => vars[name] !== undefined && vars[name] !== '');
}

/** A state or an answer as it is kept. */
export function keptText(sealing: SessionSealing, isSecret: boolean, text: string): string {
  return isSecret ? SEALED + sealing.seal(text) : text;
}

export function readKept(sealing: SessionSealing, kept: string): string {
  return kept.startsWith(SEALED) ? sealing.open(kept.slice(SEALED.length)) : kept;
}
