import type { Handler } from '../../platform/outbox/index.ts';
import { approvalEvent } from '../approvals/index.ts';
import { carryOutErasure } from './carry-out-erasure.ts';
import { ERASURE, type ErasureDeps, erasureTopic } from './deps.ts';
import { onErasureGranted, onErasureRejected } from './vote-on-erasure.ts';

const OWN = { maxAttempts: 30, firstDelayMs: 1_000, longestDelayMs: 300_000 } as const;

/** The work of this folder by topic. */
export function erasureHandlers(deps: ErasureDeps): Map<string, Handler> {
  const handlers = new Map<string, Handler>();
  const add = <P>(topic: string, work: (deps: ErasureDeps, payload: P) => ReturnType<Handler['handle']>) => {
    handlers.set(topic, { ...OWN, handle: (payload) => work(deps, payload as P) });
  };
  add(
    approvalEvent.granted(ERASURE),
    async (_, news: { subjectId: string }) => void (await onErasureGranted(deps, news)),
  );
  add(
    approvalEvent.rejected(ERASURE),
    async (_, news: { subjectId: string }) => void (await onErasureRejected(deps, news)),
  );
  add(erasureTopic.carryOut, carryOutErasure);
  return handlers;
}
