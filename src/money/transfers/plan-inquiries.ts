import { In } from 'typeorm';
import type { Tx } from '../../platform/database/index.ts';
import type { TransferDeps } from './deps.ts';
import { transferTopic } from './topics.ts';
import { type Transfer, TransferSchema } from './transfer.ts';

interface Sent {
  transfer: Transfer;
  isFirst: boolean;
}

/**
 * Asks about what was sent for the first time, when the first inquiry is due: one piece of work for all that were committed together, since
 * most are decided by then.
 */
export async function planInquiries(deps: TransferDeps, tx: Tx, sent: readonly (Sent | undefined)[]): Promise<void> {
  const ids = sent.flatMap((one) => (one?.isFirst ? [one.transfer.id] : []));
  const [first] = ids;
  if (first === undefined) return;
  const dueAtMs = deps.runtime.clock.now() + (deps.transferSettings.inquiryDelaysMs[0] ?? 75_000);
  if (ids.length === 1) await emitInquiry(deps, tx, first, dueAtMs);
  else
    await deps.outbox.emit(tx, {
      topic: transferTopic.inquirePayouts,
      key: first,
      payload: { transferIds: ids },
      dueAtMs,
    });
}

/** Work of `transfer.inquire-payouts`: each that is undecided is asked about by itself from here on, unless it is already. */
export async function inquirePayouts(
  deps: TransferDeps,
  { transferIds }: { transferIds: readonly string[] },
): Promise<void> {
  const { database, runtime } = deps;
  const undecided = await database.reader.find(TransferSchema, {
    ...{ select: { id: true }, where: { id: In([...transferIds]), state: In(['submitted', 'unknown']) } },
  });
  if (undecided.length === 0) return;
  await database.transaction(async (tx) => {
    for (const { id } of undecided) await emitInquiry(deps, tx, id, runtime.clock.now());
  });
}

/** There is a reason to ask before the next inquiry is due. */
export async function askSoon(deps: TransferDeps, tx: Tx, transferId: string): Promise<void> {
  if (await emitInquiry(deps, tx, transferId, deps.runtime.clock.now())) return;
  await deps.outbox.expedite(tx, transferTopic.inquirePayout, transferId);
}

function emitInquiry(deps: TransferDeps, tx: Tx, transferId: string, dueAtMs: number): Promise<boolean> {
  const payload = { transferId, step: 0 };
  return deps.outbox.emit(tx, { topic: transferTopic.inquirePayout, key: transferId, payload, dueAtMs });
}
