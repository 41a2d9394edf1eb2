import { Between } from 'typeorm';
import { type Dialog, type DialogPart, DialogPartSchema, joinParts } from '../dialogs/index.ts';
import type { Hour, ReportDeps } from './hour-facts.ts';
import type { HourScreens } from './hours.ts';

/** A session lasts three minutes at most, and the gateway tells its end soon after. */
const LONGEST_SESSION_MS = 10 * 60_000;
/** Who has seen nothing for so long has gone. */
const GONE_AFTER_MS = 4 * 60_000;
const READ_TOGETHER = 1_000;

type Counted = Omit<HourScreens, 'id' | 'hourMs'>;

/**
 * The sessions that began in an hour, by screen. They are put together from their parts in the order of time, and counted and forgotten
 * once nothing more can come of them: no more is in memory than ten minutes of sessions.
 */
export async function screensOf(deps: ReportDeps, { fromMs, toMs }: Hour): Promise<Counted[]> {
  const nowMs = deps.runtime.clock.now();
  const counts = new Map<string, Counted>();
  const open = new Map<string, DialogPart[]>();
  const close = (before: number) => {
    for (const [key, parts] of open) {
      const startMs = parts[0]?.fromMs ?? 0;
      if (startMs >= before) break;
      open.delete(key);
      if (startMs < fromMs || startMs >= toMs) continue;
      for (const dialog of joinParts(parts)) countDialog(counts, dialog, nowMs);
    }
  };
  for await (const part of partsBetween(deps, fromMs - LONGEST_SESSION_MS, toMs + LONGEST_SESSION_MS)) {
    close(part.fromMs - LONGEST_SESSION_MS);
    const parts = open.get(part.sessionKey);
    if (parts) parts.push(part);
    else open.set(part.sessionKey, [part]);
  }
  close(Number.MAX_SAFE_INTEGER);
  return [...counts.values()];
}

async function* partsBetween({ database }: ReportDeps, fromMs: number, toMs: number): AsyncGenerator<DialogPart> {
  let place = { fromMs, id: '' };
  for (;;) {
    const parts = await database.reader
      .createQueryBuilder(DialogPartSchema, 'd')
      .where({ fromMs: Between(place.fromMs, toMs - 1) })
      .andWhere('(d.fromMs > :at OR d.id > :id)', { at: place.fromMs, id: place.id })
      .orderBy('d.fromMs', 'ASC')
      .addOrderBy('d.id', 'ASC')
      .take(READ_TOGETHER)
      .getMany();
    yield* parts;
    const last = parts.at(-1);
    if (!last || parts.length < READ_TOGETHER) return;
    place = { fromMs: last.fromMs, id: last.id };
  }
}

function countDialog(counts: Map<string, Counted>, { screens, endedAs, toMs }: Dialog, nowMs: number): void {
  if (screens.length === 0) return;
  const byScreen = (screen: string) => {
    const known = counts.get(screen) ?? { screen, sessions: 0, dropped: 0, ended: 0, places: 0 };
    counts.set(screen, known);
    return known;
  };
  const seen = new Set<string>();
  screens.forEach(({ screen }, index) => {
    if (seen.has(screen)) return;
    seen.add(screen);
    const one = byScreen(screen);
    one.sessions += 1;
    one.places += index + 1;
  });
  const hasEnded = endedAs === 'ended' || endedAs === 'success';
  const hasDropped = !hasEnded && toMs < nowMs - GONE_AFTER_MS;
  for (const one of [byScreen(screens.at(-1)?.screen ?? ''), byScreen('')]) {
    if (hasEnded) one.ended += 1;
    if (hasDropped) one.dropped += 1;
  }
  byScreen('').sessions += 1;
}
