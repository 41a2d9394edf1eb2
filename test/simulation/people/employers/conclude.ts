import { Not } from 'typeorm';
import { OrganisationSchema, releasePayouts } from '../../../../src/domain/organisations/index.ts';
import {
  cancelBatch,
  closeBatch,
  type PayoutBatch,
  PayoutBatchSchema,
  resumeBatch,
  UNSENT,
} from '../../../../src/domain/payout-batches/index.ts';
import { BreakSchema } from '../../../../src/domain/reconciliation/index.ts';
import {
  applyPayoutLine,
  settleTransfer,
  type Transfer,
  TransferSchema,
} from '../../../../src/money/transfers/index.ts';
import type { Service } from '../../../../src/wiring/service.ts';
import { bookMoney, bringMoney } from './bring-money.ts';
import { readReturns } from './claims.ts';
import {
  actorOf,
  type EmployerDeps,
  INITIATOR,
  ORGANISATION_ID,
  PEOPLE,
  setPresent,
  unlessRefused,
} from './employer.ts';
import { mendRecipients } from './prepare.ts';
import { endSchedules, LAST_MONTH_ID } from './schedules.ts';

/** The day is over: everybody is back, what was not sent is given up, the rest comes to its end. True when all did. */
export async function conclude(service: Service, deps: EmployerDeps): Promise<boolean> {
  const { reader } = service.deps.database;
  for (const id of PEOPLE) await setPresent(service, id, true);
  await bookMoney(service, deps);
  await freeOrganisation(service, deps);
  await endSchedules(service);
  const where = { id: Not(LAST_MONTH_ID) };
  const batches = await reader.find(PayoutBatchSchema, { where, order: { id: 'ASC' } });
  for (const batch of batches) await unlessRefused(() => endBatch(service, batch));
  await readStatement(service, deps);
  await readReturns(service, deps);
  const left = await reader.find(PayoutBatchSchema, { where, order: { id: 'ASC' } });
  return left.every(({ state }) => state === 'closed' || state === 'cancelled');
}

async function freeOrganisation({ deps }: Service, own: EmployerDeps): Promise<void> {
  const organisation = await deps.database.reader.findOne(OrganisationSchema, { where: { id: ORGANISATION_ID } });
  if (!organisation || organisation.haltReason === null) return;
  mendRecipients(own);
  // It is short although all that was booked has come: other people's lies have cost it.
  if (organisation.haltDetail?.startsWith('1 '))
    bringMoney({ ...own, plan: { ...own.plan, lateMoney: 0 } }, 10_000_000n);
  await deps.database.transaction((tx) =>
    releasePayouts(deps, tx, ORGANISATION_ID, { actor: `staff:${INITIATOR}`, reason: 'the day is over' }),
  );
}

async function endBatch({ deps }: Service, batch: PayoutBatch): Promise<void> {
  const which = { batchId: batch.id, organisationId: ORGANISATION_ID, reason: 'the day is over' };
  const own = actorOf(INITIATOR);
  if (UNSENT.includes(batch.state) && batch.state !== 'funded') await cancelBatch(deps, own, which);
  else if (batch.pauseReason === 'by-person') await resumeBatch(deps, own, which);
  else if (batch.state === 'partly-paid') await closeBatch(deps, own, which);
}

/** What every line of the statement decides, and, of those that were asked about in vain, what it does not have. */
async function readStatement({ deps }: Service, { core }: EmployerDeps): Promise<void> {
  const { reader } = deps.database;
  const { books } = core.operator;
  const transfers = await reader.find(TransferSchema, { where: { route: 'payout' }, order: { id: 'ASC' } });
  const shown = new Set((await reader.find(BreakSchema)).map(({ subjectId }) => subjectId));
  const settle = (work: Parameters<typeof deps.database.transaction>[0]) => deps.database.transaction(work);
  for (const { id, state, reference, receipt } of transfers as Transfer[]) {
    const paid = books.findByConversation(reference);
    const isAsked = state === 'unknown' && shown.has(id);
    if (paid && (state === 'failed' || isAsked || (state === 'succeeded' && receipt !== paid.receipt))) {
      const amount = { amountMinor: -paid.amountMinor, currency: 'KES' };
      const line = { reference, receipt: paid.receipt, amount, completedAtMs: paid.at };
      await settle((tx) => applyPayoutLine(deps, tx, { operator: 'mpesa', ownShortCode: null }, line, 'statement'));
    } else if (!paid && isAsked) {
      await settle((tx) =>
        settleTransfer(deps, tx, id, {
          ...{ rank: 'statement', outcome: 'failed', code: 'absent', cause: 'other' },
          description: 'a complete statement does not have it',
        }),
      );
    }
  }
}
