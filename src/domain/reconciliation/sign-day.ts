import { Refusal } from '../../kernel/index.ts';
import { type ReconDay, ReconDaySchema } from './recon-day.ts';
import type { ReconDeps } from './recon-deps.ts';

/**
 * A person answers for a party's day: from here on it never changes. Refuses with `recon.no-such-day` when there is no version,
 * or it was signed already, and with `recon.no-name`.
 */
export async function signDay(
  { database, runtime }: Pick<ReconDeps, 'database' | 'runtime'>,
  { day, party, by }: { day: string; party: string; by: string },
): Promise<ReconDay> {
  const signedBy = by.trim().replace(/\s+/g, ' ').slice(0, 64);
  if (signedBy === '') throw new Refusal('recon.no-name', {});
  return database.transaction(async (tx) => {
    const open = await tx.lockOne(ReconDaySchema, { day, party, state: 'open' });
    if (!open) throw new Refusal('recon.no-such-day', { day, party });
    const patch = { state: 'signed' as const, signedBy, signedAtMs: runtime.clock.now() };
    await tx.update(ReconDaySchema, { id: open.id }, patch);
    return { ...open, ...patch };
  });
}
