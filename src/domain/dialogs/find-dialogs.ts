import { In, LessThan } from 'typeorm';
import type { Msisdn } from '../../kernel/index.ts';
import type { Database } from '../../platform/database/index.ts';
import { type DialogEnd, type DialogPart, DialogPartSchema } from './dialog-part.ts';

/** One session as it was seen from here. */
export interface Dialog {
  sessionKey: string;
  msisdn: Msisdn;
  network: string;
  fromMs: number;
  toMs: number;
  endedAs: DialogEnd;
  screens: { screen: string; atMs: number }[];
}

const MOST_SESSIONS = 50;
/** Parts of one session: a session of 180 s that is written every 5 s by two processes has fewer. */
const MOST_PARTS = 80;

/** The sessions with these keys, oldest first. */
export async function findDialogs(
  { database }: { database: Database },
  sessionKeys: readonly string[],
): Promise<Dialog[]> {
  if (sessionKeys.length === 0) return [];
  const parts = await database.reader.find(DialogPartSchema, {
    where: { sessionKey: In(sessionKeys.slice(0, MOST_SESSIONS)) },
    order: { fromMs: 'ASC', id: 'ASC' },
    take: MOST_SESSIONS * MOST_PARTS,
  });
  return joinParts(parts);
}

/** The last sessions of a number, newest first, that began before an instant. */
export async function dialogsOf(
  deps: { database: Database },
  input: { msisdn: Msisdn; beforeMs: number; limit: number },
): Promise<Dialog[]> {
  const limit = Math.min(input.limit, MOST_SESSIONS);
  const parts = await deps.database.reader.find(DialogPartSchema, {
    where: { msisdn: input.msisdn, fromMs: LessThan(input.beforeMs) },
    order: { fromMs: 'DESC', id: 'DESC' },
    take: limit * MOST_PARTS,
  });
  return joinParts(parts.reverse()).reverse().slice(0, limit);
}

/** Parts in the order of their time. */
export function joinParts(parts: readonly DialogPart[]): Dialog[] {
  const dialogs = new Map<string, Dialog>();
  for (const part of parts) {
    const { sessionKey, msisdn, network, fromMs, toMs, endedAs } = part;
    const screens = screensOf(part);
    const known = dialogs.get(sessionKey);
    if (!known) {
      dialogs.set(sessionKey, { sessionKey, msisdn, network, fromMs, toMs, endedAs, screens });
      continue;
    }
    known.toMs = Math.max(known.toMs, toMs);
    known.screens.push(...screens);
    known.network ||= network;
    // The gateway's word of a session that it cut off says more than that no screen of ours ended it.
    if (endedAs !== 'open' && known.endedAs !== 'ended') known.endedAs = endedAs;
  }
  return [...dialogs.values()];
}

function screensOf({ path, fromMs }: DialogPart): Dialog['screens'] {
  if (path === '') return [];
  return path.split(' ').map((word) => {
    const at = word.lastIndexOf('@');
    return { screen: word.slice(0, at), atMs: fromMs + Number(word.slice(at + 1)) };
  });
}
