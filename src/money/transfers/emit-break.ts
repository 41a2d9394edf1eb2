import type { Tx } from '../../platform/database/index.ts';
import type { BreakType } from './break-type.ts';
import type { TransferDeps } from './deps.ts';
import { transferEvent } from './topics.ts';

/** Tells a person, once for each thing and type. */
export async function emitBreak(
  deps: TransferDeps,
  tx: Tx,
  breakType: BreakType,
  subjectId: string,
  detail: string,
): Promise<void> {
  await deps.outbox.emit(tx, {
    topic: transferEvent.breakFound,
    key: `${breakType}:${subjectId}`,
    payload: { breakType, subjectId, detail },
  });
}
