import { invariant } from '../../kernel/index.ts';
import type { Outcome } from '../../platform/outbox/index.ts';
import type { StatusQuestion } from '../../providers/operators/index.ts';
import { askOnSchedule, type InquiryWork } from './ask-on-schedule.ts';
import type { TransferDeps } from './deps.ts';
import { operatorOf } from './request-transfer.ts';
import { REVERSED_BEFORE } from './reversals.ts';
import { type Transfer, TransferSchema } from './transfer.ts';

/** Asks the operator what became of a reversal. */
export function inquireReversal(deps: TransferDeps, work: InquiryWork): Promise<Outcome> {
  return askOnSchedule(deps, work, {
    what: 'a reversal',
    ask: async (transfer) => operatorOf(deps, transfer.operator).askStatus(await questionOf(deps, transfer)),
  });
}

/** By the id of our request; by the receipt that was to be taken back where we have none, or where another took it back. */
async function questionOf(deps: TransferDeps, transfer: Transfer): Promise<StatusQuestion> {
  const { callbackToken: token, merchantRequestId: requestId } = transfer;
  if (requestId && transfer.resultCode !== REVERSED_BEFORE) return { token, requestId };
  const where = { id: transfer.purposeId ?? '' };
  const original = await deps.database.reader.findOne(TransferSchema, { where });
  invariant(original?.receipt, 'what is taken back has a receipt');
  return { token, receipt: original.receipt };
}
