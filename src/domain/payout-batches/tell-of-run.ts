import type { Tx } from '../../platform/database/index.ts';
import { type PayoutBatchDeps, scheduleEvent } from './deps.ts';

/** Whoever tells people hears that a run waits for them, or could not be made. */
export async function tellOfRun(deps: PayoutBatchDeps, tx: Tx, runId: string): Promise<void> {
  await deps.outbox.emit(tx, { topic: scheduleEvent.needsPeople, key: runId, payload: { runId } });
}
