import type { Organisation } from '../../../../src/domain/organisations/index.ts';
import {
  addRows,
  checkBatch,
  createBatch,
  excludeRow,
  type NewRow,
  type PayoutBatch,
} from '../../../../src/domain/payout-batches/index.ts';
import type { Msisdn } from '../../../../src/kernel/index.ts';
import type { Service } from '../../../../src/wiring/service.ts';
import { actorOf, type EmployerDeps, INITIATOR, ORGANISATION_ID } from './employer.ts';

const maker = { id: INITIATOR };
/** Who is paid: the same people in every batch. Far from the numbers of customers. */
export const recipient = (at: number): Msisdn => `+2547990${String(at).padStart(5, '0')}` as Msisdn;

export async function prepare(service: Service, deps: EmployerDeps, organisation: Organisation): Promise<void> {
  const { draw, trace } = deps;
  const purpose = draw.pick(['salary', 'promotion', 'refund'] as const);
  const batch = await createBatch(service.deps, actorOf(INITIATOR), organisation, maker, {
    ...{ name: 'Pay of November', purpose, hours: 'at-once' },
  });
  trace.note(`batch ${batch.number} ${batch.id} is made`);
  trace.count('batches made');
  await fill(service, deps, batch);
}

async function fill(service: Service, { draw, plan, core }: EmployerDeps, { id: batchId }: PayoutBatch) {
  const most = draw.hits(0.3) ? 20_000 : 2_000;
  const rows: NewRow[] = Array.from({ length: plan.rows }, (_, at) => ({
    ...{ msisdn: recipient(at), amountMinor: BigInt(Math.round(draw.magnitude(10, most))) * 100n },
    ...{ name: `Person ${at}`, reference: null },
  }));
  const refused = draw.pick(rows);
  if (draw.hits(0.4)) core.operator.payouts.decide(refused.msisdn, { code: draw.pick(['2040', '8', '2001']) });
  await addRows(service.deps, actorOf(INITIATOR), maker, {
    ...{ batchId, organisationId: ORGANISATION_ID, fromRowNo: 1, rows },
  });
}

/** A draft is filled if it is not, changed now and then, and looked at. */
export async function workOnDraft(service: Service, deps: EmployerDeps, batch: PayoutBatch): Promise<void> {
  const { draw } = deps;
  const which = { batchId: batch.id, organisationId: ORGANISATION_ID };
  if (batch.rows === 0) return fill(service, deps, batch);
  if (draw.hits(0.25) && batch.rows > 2) {
    const change = { rowNo: draw.int(1, batch.rows), excluded: true, reason: 'she has left' };
    await excludeRow(service.deps, actorOf(INITIATOR), maker, { ...which, ...change });
  }
  await checkBatch(service.deps, actorOf(INITIATOR), which);
}

/** Whoever could not be paid can be from now on. */
export function mendRecipients({ core, plan }: EmployerDeps): void {
  for (let at = 0; at < plan.rows; at += 1) core.operator.payouts.decide(recipient(at), {});
}
