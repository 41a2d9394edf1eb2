import { In } from 'typeorm';
import { Refusal } from '../../kernel/index.ts';
import type { Database } from '../../platform/database/index.ts';
import { type Break, type BreakEvent, BreakEventSchema, BreakSchema, type BreakState } from './break.ts';

/** Breaks in some states, oldest first. */
export async function listBreaks(
  { database }: { database: Database },
  { states, limit }: { states: readonly BreakState[]; limit: number },
): Promise<Break[]> {
  return database.reader.find(BreakSchema, {
    where: { state: In([...states]) },
    order: { openedAtMs: 'ASC', id: 'ASC' },
    take: limit,
  });
}

/** Those of a day at some parties that nobody has resolved, oldest first. */
export function openBreaksOf(
  { database }: { database: Database },
  { day, parties, limit }: { day: string; parties: readonly string[]; limit: number },
): Promise<Break[]> {
  return database.reader.find(BreakSchema, {
    where: { day, party: In([...parties]), state: In(['open', 'proposed']) },
    order: { openedAtMs: 'ASC', id: 'ASC' },
    take: limit,
  });
}

/** One break, by its id or the last characters of it, with everything that was said about it. Refuses with `break.not-found`. */
export async function getBreak(
  { database }: { database: Database },
  idOrEnd: string,
): Promise<{ found: Break; events: BreakEvent[] }> {
  const { reader } = database;
  const [found, another] = await reader
    .createQueryBuilder(BreakSchema, 'found')
    .where('found.id LIKE :end', { end: `%${idOrEnd.replace(/[^0-9a-f-]/g, '')}` })
    .limit(2)
    .getMany();
  if (!found || another || !/^[0-9a-f-]{6,36}$/.test(idOrEnd)) throw new Refusal('break.not-found', { id: idOrEnd });
  const events = await reader.find(BreakEventSchema, { where: { breakId: found.id }, order: { id: 'ASC' } });
  return { found, events };
}
