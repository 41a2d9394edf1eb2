import { HttpError } from '../../platform/http/index.ts';
import type { Visit } from './visit.ts';

/** Every act says why. The form asks for it, so without one it was not our form. */
export function reasonOf({ reason = '' }: Visit['form']): string {
  if (reason.trim().length < 3) throw new HttpError(422);
  return reason.trim();
}

/** What an act has just done, as the address says. */
export function noteOf({ query, words }: Visit): string | undefined {
  return query.done && words.has(`console.done.${query.done}`) ? words.say(`done.${query.done}`) : undefined;
}
