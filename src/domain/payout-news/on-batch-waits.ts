import { queueMail } from '../mails/index.ts';
import { type Organisation, OrganisationSchema } from '../organisations/index.ts';
import {
  type BatchWaits,
  batchProgress,
  type PayoutBatch,
  PayoutBatchSchema,
  type WaitsFor,
} from '../payout-batches/index.ts';
import type { PayoutNewsDeps } from './deps.ts';
import { whoDecides } from './who-decides.ts';

/** It may have gone on since it was written down. */
function stillWaits(why: WaitsFor, batch: PayoutBatch, { haltReason }: Organisation): boolean {
  const { state, pauseReason, pauseDetail } = batch;
  switch (why) {
    case 'failed':
      return state === 'partly-paid';
    case 'refused':
      return haltReason === 'operator-refuses-us';
    case 'float-short':
      return haltReason === 'float-short';
    case 'people-missing':
      return state === 'approved' && pauseDetail === 'organisation.people-missing';
    case 'day-limit':
      return state === 'approved' && pauseDetail === 'day-limit';
    case 'float':
    case 'content':
      return state === 'approved' && pauseReason === why;
  }
}

/**
 * Work of `payout-batch.needs-people`: whoever makes or approves batches of the organisation hears by mail, in his language, why a batch goes
 * no further without him. Each once an occasion.
 */
export async function onBatchWaits(deps: PayoutNewsDeps, { batchId, why, occasion }: BatchWaits): Promise<void> {
  const { database, mail, texts, publicUrl } = deps;
  if (!mail) return;
  const { reader } = database;
  const batch = await reader.findOneByOrFail(PayoutBatchSchema, { id: batchId });
  const organisation = await reader.findOneByOrFail(OrganisationSchema, { id: batch.organisationId });
  if (!stillWaits(why, batch, organisation)) return;
  const { failed, reversed } = (await batchProgress(deps, batch)).byState;
  const { number, name, currency } = batch;
  const missing = why === 'float' ? BigInt(batch.pauseDetail ?? '0') : 0n;
  const values = {
    ...{ organisation: organisation.name, batch: number, name },
    rows: (failed?.rows ?? 0) + (reversed?.rows ?? 0),
    amount: { amountMinor: (failed?.totalMinor ?? 0n) + (reversed?.totalMinor ?? 0n), currency },
    ...{ missing: { amountMinor: missing, currency }, said: organisation.haltDetail ?? '' },
    link: `${publicUrl}/console/organisations/${organisation.id}/batches/${batchId}`,
  };
  const told = await whoDecides(reader, organisation);
  await database.transaction(async (tx) => {
    for (const { id, email, language } of told) {
      const what = texts.formatForPrint(language, `payouts.mail.waits-why.${why}`, values);
      const say = (text: string) => texts.formatForPrint(language, `payouts.mail.waits-${text}`, { ...values, what });
      await queueMail({ ...deps, mail }, tx, {
        ...{ factKey: `batch-waits:${batchId}:${why}:${occasion}:${id}`, to: email },
        ...{ subject: say('subject'), text: say('text') },
      });
    }
  });
}
