import { findApproval } from '../../../../src/domain/approvals/index.ts';
import {
  cancelBatch,
  closeBatch,
  listRows,
  needOf,
  type PayoutBatch,
  pauseBatch,
  reopenBatch,
  replaceRows,
  resumeBatch,
  retryRows,
  stopBatch,
  submitBatch,
  voteOnBatch,
  withdrawBatch,
} from '../../../../src/domain/payout-batches/index.ts';
import type { Service } from '../../../../src/wiring/service.ts';
import { bringMoney } from './bring-money.ts';
import {
  ADMINISTRATOR,
  APPROVERS,
  actorOf,
  type EmployerDeps,
  INITIATOR,
  ORGANISATION_ID,
  presentPeople,
  roleOf,
  setPresent,
} from './employer.ts';
import { recipient, workOnDraft } from './prepare.ts';

const maker = { id: INITIATOR };
const reason = 'simulation';

/** Somebody does what may be done with a batch as it is. */
export async function actOnBatch(service: Service, deps: EmployerDeps, batch: PayoutBatch): Promise<void> {
  const { draw, trace } = deps;
  const which = { batchId: batch.id, organisationId: ORGANISATION_ID, reason };
  const own = actorOf(INITIATOR);
  const done = (what: string) => {
    trace.note(`batch ${batch.number} ${batch.id}: ${what}`);
    trace.count(`batches: ${what}`);
  };
  const upset = draw.fraction();
  switch (batch.state) {
    case 'draft':
      return workOnDraft(service, deps, batch);
    case 'ready':
      if (upset < 0.05) await cancelBatch(service.deps, own, which);
      else if (upset < 0.15) await reopenBatch(service.deps, own, maker, which);
      else await submitBatch(service.deps, own, maker, which);
      return done(upset < 0.05 ? 'cancelled' : upset < 0.15 ? 'reopened' : 'submitted');
    case 'submitted':
    case 'in-approval': {
      const { approvalId } = batch;
      if (upset < 0.03) await cancelBatch(service.deps, own, which);
      else if (upset < 0.08) await reopenBatch(service.deps, actorOf(APPROVERS[0]), { id: APPROVERS[0] }, which);
      else if (upset < 0.12) {
        await withdrawBatch(service.deps, own, { approvalId: approvalId ?? '', makerId: INITIATOR, reason });
      } else return voteOn(service, deps, batch);
      return done('taken back');
    }
    case 'approved':
      if (upset < 0.2) await setPresent(service, draw.pick([...APPROVERS, ADMINISTRATOR]), false);
      else if (upset < 0.24) await cancelBatch(service.deps, own, which);
      else if (upset < 0.28) await reopenBatch(service.deps, own, maker, which);
      else if (batch.pauseReason === 'float') bringMoney(deps, needOf(batch) / (draw.hits(0.3) ? 2n : 1n));
      return upset < 0.28 ? done('disturbed before it was paid') : undefined;
    case 'funded':
    case 'paying':
      if (batch.pauseReason === 'by-person') await resumeBatch(service.deps, own, which);
      else if (upset < 0.25) await pauseBatch(service.deps, own, which);
      else if (upset < 0.32) await stopBatch(service.deps, own, which);
      return upset < 0.32 ? done('disturbed while it was paid') : undefined;
    case 'partly-paid':
      if (upset < 0.5) await retryRows(service.deps, own, { ...which, rowNos: 'all' });
      else if (upset < 0.75) await replaceOne(service, batch);
      else if (upset < 0.85) await closeBatch(service.deps, own, which);
      return done('its failures are looked at');
  }
}

async function voteOn(service: Service, { draw, trace }: EmployerDeps, { number, approvalId }: PayoutBatch) {
  const here = await presentPeople(service);
  // The maker tries too.
  const voter = draw.pick([INITIATOR, ...APPROVERS, ...APPROVERS, ADMINISTRATOR]);
  const verdict = draw.hits(0.88) ? ('grant' as const) : ('reject' as const);
  if (!here.has(voter) || approvalId === null) return;
  const { approval } = await findApproval(service.deps, { id: approvalId, scope: ORGANISATION_ID });
  await voteOnBatch(service.deps, actorOf(voter), {
    ...{ approvalId, voter: { id: voter, roles: [roleOf(voter), 'approver'], scope: ORGANISATION_ID }, verdict },
    ...{ subjectHash: approval.subjectHash, reason },
  });
  trace.note(`${roleOf(voter)} votes ${verdict} on batch ${number}`);
  trace.count(`batches: a vote to ${verdict}`);
}

/** A row that failed gets another number: a draft of its own, which others approve. */
async function replaceOne(service: Service, { id: batchId }: PayoutBatch): Promise<void> {
  const { rows } = await listRows(service.deps, { batchId, state: 'failed', limit: 1 });
  const [row] = rows;
  if (!row) return;
  const changes = new Map([[row.rowNo, { msisdn: recipient(1_000 + row.rowNo) }]]);
  await replaceRows(service.deps, actorOf(INITIATOR), maker, {
    ...{ batchId, organisationId: ORGANISATION_ID, changes, reason },
  });
}
