import { enforceRetention, type Forgotten, type RetentionDays } from '../../src/domain/retention/index.ts';
import type { Runtime } from '../../src/kernel/index.ts';
import type { Database } from '../../src/platform/database/index.ts';
import { makeSigner } from '../../src/platform/sealing/index.ts';

/** Nothing is forgotten but what a test says. */
const FOR_EVER = 36_500;

export const daysOf = (days: Partial<RetentionDays> = {}): RetentionDays => ({
  ...{ rawDays: FOR_EVER, outboxDays: FOR_EVER, tokenDays: FOR_EVER, dialogDays: FOR_EVER, messageDays: FOR_EVER },
  ...{ noteDays: FOR_EVER, reminderDays: FOR_EVER, elsewhereDays: FOR_EVER, webhookDays: FOR_EVER },
  ...{
    mailDays: FOR_EVER,
    statementDays: FOR_EVER,
    exportDays: FOR_EVER,
    payoutListDays: FOR_EVER,
    staffSessionDays: FOR_EVER,
  },
  ...{ paymentDays: FOR_EVER, idleDays: FOR_EVER },
  ...days,
});

export const retentionOf = (deps: { runtime: Runtime; database: Database }, days: Partial<RetentionDays>) => ({
  ...{ runtime: deps.runtime, database: deps.database, timeZone: 'Africa/Nairobi' },
  ...{ auditSigner: makeSigner(Buffer.alloc(32, 9), 'audit log'), retentionDays: daysOf(days) },
});

/** A night of retention with these times; what the day has forgotten by kind. */
export async function forget(
  deps: { runtime: Runtime; database: Database },
  days: Partial<RetentionDays>,
): Promise<Map<string, Forgotten>> {
  const forgotten = await enforceRetention(retentionOf(deps, days), new AbortController().signal);
  return new Map(forgotten.map((one) => [one.kind, one]));
}
