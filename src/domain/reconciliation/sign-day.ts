import { Refusal } from '../../kernel/index.ts';
import type { Database } from '../../platform/database/index.ts';
import { type Actor, type AuditDeps, recordAct } from '../audit/index.ts';
import { type ReconDay, ReconDaySchema } from './recon-day.ts';

/** Which version of whose day is signed: the one that was seen. */
export interface DaySignature {
  day: string;
  party: string;
  version: number;
  /** As an auditor reads it. */
  by: string;
}

/**
 * A person answers for the version of a party's day that he has seen: from here on it never changes. Refuses with `recon.no-such-day` when
 * no version is open (there is none, or it was signed already), with `recon.other-version` when another one is, and with `recon.no-name`.
 */
export async function signDay(
  deps: AuditDeps & { database: Database },
  actor: Actor,
  { day, party, version, by }: DaySignature,
): Promise<ReconDay> {
  const signedBy = by.trim().replace(/\s+/g, ' ').slice(0, 64);
  if (signedBy === '') throw new Refusal('recon.no-name', {});
  return deps.database.transaction(async (tx) => {
    const open = await tx.lockOne(ReconDaySchema, { day, party, state: 'open' });
    if (!open) throw new Refusal('recon.no-such-day', { day, party });
    if (open.version !== version) throw new Refusal('recon.other-version', { day, party, version: open.version });
    const patch = { state: 'signed' as const, signedBy, signedAtMs: deps.runtime.clock.now() };
    await tx.update(ReconDaySchema, { id: open.id }, patch);
    await recordAct(deps, tx, {
      ...{ actor, act: 'day.signed', subject: { kind: 'recon-day', id: open.id } },
      after: { day, party, version, signedBy },
    });
    return { ...open, ...patch };
  });
}
