import { addDays, businessDay } from '../../kernel/index.ts';
import type { Database } from '../../platform/database/index.ts';
import { type AuditDeps, recordAct } from '../audit/index.ts';
import { type KeptSince, purgeStatements } from '../reconciliation/index.ts';
import { countHeld, heldRows, nextRows, type WalkedRow } from './find-rows.ts';
import { addToCount, forgetHeld, forgetSome, type Night, type RetentionDeps, TOGETHER } from './forget-some.ts';
import { type RetentionDays, retentionKinds } from './retention-kinds.ts';
import { type RetentionCount, RetentionCountSchema } from './retention-row.ts';

export interface EnforceDeps extends AuditDeps, RetentionDeps {
  timeZone: string;
  retentionDays: RetentionDays;
}

/** Of one kind: what is forgotten, and what is past its time and still needed. */
export interface Forgotten {
  kind: string;
  forgotten: number;
  held: number;
}

const DAY_MS = 86_400_000;
/** Forgotten by whole statements and days, not row by row. */
const STATEMENTS = 'statements';
const HOUSE = 'house';

/**
 * Forgets everything that is past its time, some rows a commit; what something open needs stays until that has ended. What went of which
 * kind is kept, and told to the audit log once it is done. Throws when it is broken off; a later run goes on where it ended.
 */
export async function enforceRetention(deps: EnforceDeps, signal: AbortSignal): Promise<Forgotten[]> {
  const now = deps.runtime.clock.now();
  const day = businessDay(now, deps.timeZone);
  for (const kind of retentionKinds(deps.retentionDays)) {
    const night: Night = { kind, beforeMs: now - kind.days * DAY_MS, day };
    for (let afterId: string | undefined = ''; afterId !== undefined; ) {
      signal.throwIfAborted();
      afterId = await forgetHeld(deps, night, afterId);
    }
    for (let isMore = true; isMore; ) {
      signal.throwIfAborted();
      isMore = await forgetSome(deps, night);
    }
    await tellHeld(deps, kind.name, day);
  }
  for (let isMore = true; isMore; ) {
    signal.throwIfAborted();
    isMore = await forgetStatements(deps, keptSince(deps, now), day);
  }
  return record(deps, day);
}

/** What a run would do now. Reads only. */
export async function rehearseRetention(
  deps: Omit<EnforceDeps, keyof AuditDeps> & RetentionDeps,
): Promise<Forgotten[]> {
  const now = deps.runtime.clock.now();
  const { reader } = deps.database;
  const would: Forgotten[] = [];
  for (const kind of retentionKinds(deps.retentionDays)) {
    const counted = { kind: kind.name, forgotten: 0, held: 0 };
    const beforeMs = now - kind.days * DAY_MS;
    const walk = { beforeMs, limit: TOGETHER };
    const [known] = await reader.query('SELECT place FROM retention_place WHERE id = ?', [kind.name]);
    for (const [first, look] of [
      ['', (at: string) => heldRows(reader, kind, { ...walk, afterId: at })],
      [String(known?.place ?? ''), (at: string) => nextRows(reader, kind, { ...walk, place: at })],
    ] as const) {
      for (let place: string | undefined = first; place !== undefined; ) {
        const rows: WalkedRow[] = await look(place);
        for (const { isHeld } of rows) counted[isHeld ? 'held' : 'forgotten'] += 1;
        place = rows.length === TOGETHER ? rows.at(-1)?.place : undefined;
      }
    }
    would.push(counted);
  }
  const statements = await purgeStatements(deps, keptSince(deps, now), Number.MAX_SAFE_INTEGER, 'count');
  return [...would, { kind: STATEMENTS, forgotten: statements, held: 0 }];
}

/** The last days on which something was forgotten, the newest first. */
export function retentionReport({ reader }: Database, days: number): Promise<RetentionCount[]> {
  return reader.find(RetentionCountSchema, { order: { day: 'DESC', kind: 'ASC' }, take: days * 24 });
}

function keptSince(
  { timeZone, retentionDays }: { timeZone: string; retentionDays: RetentionDays },
  now: number,
): KeptSince {
  const { statementDays } = retentionDays;
  return { atMs: now - statementDays * DAY_MS, day: addDays(businessDay(now, timeZone), -statementDays) };
}

async function forgetStatements(deps: RetentionDeps, kept: KeptSince, day: string): Promise<boolean> {
  const forgotten = await purgeStatements(deps, kept, TOGETHER);
  if (forgotten > 0) await count(deps, { kind: STATEMENTS, day }, { forgotten });
  return forgotten === TOGETHER;
}

async function tellHeld(deps: RetentionDeps, kind: string, day: string): Promise<void> {
  const held = await countHeld(deps.database.reader, kind);
  const before = await deps.database.reader.findOne(RetentionCountSchema, { where: { kind, day } });
  if (held !== (before?.held ?? 0)) await count(deps, { kind, day }, { held });
}

function count(
  { runtime, database }: RetentionDeps,
  of: { kind: string; day: string },
  change: { forgotten?: number; held?: number },
) {
  return database.transaction((tx) => addToCount(runtime, tx, of, change));
}

async function record(deps: EnforceDeps, day: string): Promise<Forgotten[]> {
  const rows = await deps.database.reader.find(RetentionCountSchema, { where: { day }, order: { kind: 'ASC' } });
  const forgotten = Object.fromEntries(rows.filter((row) => row.forgotten > 0).map((row) => [row.kind, row.forgotten]));
  const held = Object.fromEntries(rows.filter((row) => row.held > 0).map((row) => [row.kind, row.held]));
  await deps.database.transaction((tx) =>
    recordAct(deps, tx, {
      actor: { kind: 'service', id: 'retention', address: '', scope: HOUSE },
      ...{ act: 'retention.enforced', subject: { kind: 'retention', id: day }, after: { forgotten, held } },
    }),
  );
  return rows.map((row) => ({ kind: row.kind, forgotten: row.forgotten, held: row.held }));
}
