import type { Handler } from '../../platform/outbox/index.ts';
import { approvalEvent } from '../approvals/index.ts';
import { ORGANISATION_FUNDED } from '../funding/index.ts';
import { lockOrganisation, ORGANISATION_RELEASED, PAYOUT_BATCH, releasePayouts } from '../organisations/index.ts';
import { lookAtBatch } from './check-batch.ts';
import { onBatchFinished } from './close-batch.ts';
import { batchEvent, batchTopic, type PayoutBatchDeps } from './deps.ts';
import { fundBatch, lookAtWaiting, resumeRuns } from './fund-batch.ts';
import { runBatch } from './run-batch.ts';
import { onRunChecked } from './settle-run.ts';
import { onStandingGranted, onStandingRejected, PAYOUT_STANDING } from './standing-approval.ts';
import { onBatchGranted, onBatchRejected } from './submit-batch.ts';

const OWN = { maxAttempts: 30, firstDelayMs: 1_000, longestDelayMs: 300_000 } as const;

interface OrganisationNews {
  organisationId: string;
}

/** The work of this folder by topic. News of payouts is for others too, and bound in wiring. */
export function batchHandlers(deps: PayoutBatchDeps): Map<string, Handler> {
  const handlers = new Map<string, Handler>();
  const add = <P>(topic: string, work: (deps: PayoutBatchDeps, payload: P) => ReturnType<Handler['handle']>) => {
    handlers.set(topic, { ...OWN, handle: (payload) => work(deps, payload as P) });
  };
  add(batchTopic.check, lookAtBatch);
  add(batchTopic.fund, fundBatch);
  add(batchTopic.run, runBatch);
  add(batchTopic.scheduled, onRunChecked);
  add(approvalEvent.granted(PAYOUT_STANDING), onStandingGranted);
  add(approvalEvent.rejected(PAYOUT_STANDING), onStandingRejected);
  add(approvalEvent.granted(PAYOUT_BATCH), onBatchGranted);
  add(approvalEvent.rejected(PAYOUT_BATCH), onBatchRejected);
  add(batchEvent.finished, onBatchFinished);
  add(ORGANISATION_RELEASED, onOrganisationFree);
  add(ORGANISATION_FUNDED, onOrganisationFree);
  return handlers;
}

/** Money came for it, or its payouts were released. */
export async function onOrganisationFree(deps: PayoutBatchDeps, { organisationId }: OrganisationNews): Promise<void> {
  await deps.database.transaction(async (tx) => {
    const { haltReason } = await lockOrganisation(tx, organisationId);
    const cause = { actor: 'service', reason: 'money came' };
    if (haltReason === 'float-short') await releasePayouts(deps, tx, organisationId, cause);
  });
  await lookAtWaiting(deps, organisationId);
  await resumeRuns(deps, organisationId);
}
