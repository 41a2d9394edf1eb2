import { Not } from 'typeorm';
import {
  type Approval,
  ApprovalSchema,
  type ApprovalVote,
  ApprovalVoteSchema,
} from '../../../src/domain/approvals/index.ts';
import { type Message, MessageSchema } from '../../../src/domain/messages/index.ts';
import {
  type Payment,
  type PaymentEvent,
  PaymentEventSchema,
  PaymentSchema,
  type PaymentToken,
  PaymentTokenSchema,
} from '../../../src/domain/payments/index.ts';
import {
  type BatchEvent,
  BatchEventSchema,
  type PayoutBatch,
  PayoutBatchSchema,
  type PayoutClaim,
  PayoutClaimSchema,
  type PayoutRow,
  PayoutRowSchema,
  type RowEvent,
  RowEventSchema,
} from '../../../src/domain/payout-batches/index.ts';
import { type Break, BreakSchema } from '../../../src/domain/reconciliation/index.ts';
import { type Refund, type RefundEvent, RefundEventSchema, RefundSchema } from '../../../src/domain/refunds/index.ts';
import { type TrialBalance, trialBalance } from '../../../src/money/ledger/index.ts';
import {
  type Transfer,
  type TransferEvent,
  TransferEventSchema,
  TransferSchema,
} from '../../../src/money/transfers/index.ts';
import type { Database } from '../../../src/platform/database/index.ts';
import { type InboxEvent, InboxEventSchema } from '../../../src/platform/inbox/index.ts';
import { type OutboxRow, OutboxRowSchema } from '../../../src/platform/outbox/index.ts';
import { LAST_MONTH_ID } from '../people/employers/index.ts';
import type { EndedWorld } from '../world/world.ts';

/** Everything that the store says in the end, read once. */
export interface Facts {
  world: EndedWorld;
  payments: readonly Payment[];
  paymentEvents: readonly PaymentEvent[];
  transfers: readonly Transfer[];
  transferEvents: readonly TransferEvent[];
  refunds: readonly Refund[];
  refundEvents: readonly RefundEvent[];
  batches: readonly PayoutBatch[];
  batchEvents: readonly BatchEvent[];
  rows: readonly PayoutRow[];
  rowEvents: readonly RowEvent[];
  claims: readonly PayoutClaim[];
  approvals: readonly Approval[];
  votes: readonly ApprovalVote[];
  messages: readonly (Message & { text: string })[];
  tokens: readonly (PaymentToken & { digits: string })[];
  outbox: readonly OutboxRow[];
  inbox: readonly InboxEvent[];
  breaks: readonly Break[];
  ledger: TrialBalance;
  paymentOfTransfer(transfer: Transfer): Payment | undefined;
}

export async function readFacts(world: EndedWorld, database: Database): Promise<Facts> {
  const { reader } = database;
  const sealing = world.running?.service.deps.sealing;
  const open = (sealed: string) => sealing?.open(sealed) ?? '';
  const inOrder = { order: { id: 'ASC' as const } };
  const payments = await reader.find(PaymentSchema, inOrder);
  const byTransfer = new Map(payments.map((payment) => [payment.transferId, payment]));
  const messages = await reader.find(MessageSchema, inOrder);
  const tokens = await reader.find(PaymentTokenSchema, inOrder);
  // Ids follow the wall clock, which is set back now and then: what came after what is told by the rows themselves.
  const asWritten = async <T extends { id: string }>(rows: T[], table: string): Promise<T[]> => {
    const order: { id: string }[] = await reader.query(`SELECT id FROM ${table} ORDER BY rowid`);
    const places = new Map(order.map(({ id }, place) => [id, place]));
    return rows.sort((one, other) => (places.get(one.id) ?? 0) - (places.get(other.id) ?? 0));
  };
  return {
    world,
    payments,
    paymentEvents: await asWritten(await reader.find(PaymentEventSchema), 'payment_event'),
    transfers: await reader.find(TransferSchema, inOrder),
    transferEvents: await asWritten(await reader.find(TransferEventSchema), 'transfer_event'),
    refunds: await reader.find(RefundSchema, inOrder),
    refundEvents: await asWritten(await reader.find(RefundEventSchema), 'refund_event'),
    batches: await reader.find(PayoutBatchSchema, { where: { id: Not(LAST_MONTH_ID) }, ...inOrder }),
    batchEvents: await asWritten(await reader.find(BatchEventSchema), 'payout_batch_event'),
    rows: await reader.find(PayoutRowSchema, {
      ...{ where: { batchId: Not(LAST_MONTH_ID) }, order: { batchId: 'ASC', rowNo: 'ASC' } },
    }),
    claims: await reader.find(PayoutClaimSchema, inOrder),
    rowEvents: await asWritten(await reader.find(RowEventSchema), 'payout_row_event'),
    approvals: await reader.find(ApprovalSchema, inOrder),
    votes: await reader.find(ApprovalVoteSchema, inOrder),
    messages: messages.map((message) => ({ ...message, text: open(message.sealedText) })),
    tokens: tokens.map((token) => ({ ...token, digits: open(token.sealedDigits) })),
    outbox: await reader.find(OutboxRowSchema, inOrder),
    inbox: await reader.find(InboxEventSchema, inOrder),
    breaks: await reader.find(BreakSchema, inOrder),
    ledger: await trialBalance(database),
    paymentOfTransfer: (transfer) => byTransfer.get(transfer.id),
  };
}
