import { FundingSchema, QuotationSchema } from '../../src/domain/funding/index.ts';
import {
  ClaimEventSchema,
  type PayoutBatch,
  PayoutBatchSchema,
  PayoutClaimSchema,
  type PayoutRow,
  PayoutRowSchema,
  type PayoutSchedule,
  PayoutScheduleSchema,
  ScheduleRunSchema,
} from '../../src/domain/payout-batches/index.ts';
import {
  WebhookAttemptSchema,
  type WebhookDelivery,
  WebhookDeliverySchema,
  type WebhookEndpoint,
  WebhookEndpointSchema,
  WebhookEventSchema,
  WebhookSecretSchema,
} from '../../src/domain/webhooks/index.ts';
import type { Msisdn } from '../../src/kernel/index.ts';
import { type ApiTown, exampleId, NOW_MS } from './organisation-api.ts';

/** What the paper of the example's quotation shows beside its sums. */
const QUOTED_DETAILS = JSON.stringify({
  ...{ operator: 'mpesa', isEstimate: true },
  byBand: [
    {
      ...{ aboveMinor: '2000000', upToMinor: '2500000', chargeMinor: '1300', rows: 2 },
      ...{ totalMinor: '4350000', chargesMinor: '2600' },
    },
  ],
  fee: { basisPoints: 100, leastMinor: '10000', eachRowMinor: '0', taxBasisPoints: 1_600 },
});

/** What the examples of the document speak of. */
export async function plantExamples({ service }: ApiTown): Promise<void> {
  const { database, sealing } = service.deps;
  const owner = { ownerKind: 'organisation', ownerId: exampleId(1) } as const;
  const endpoint = (id: string, path: string, state: 'enabled' | 'disabled'): WebhookEndpoint => ({
    ...{ id, ...owner, url: `https://pay.tumaini.example/${path}`, eventTypes: '', state, reason: 'added' },
    ...{ createdAtMs: NOW_MS, changedAtMs: NOW_MS },
  });
  const delivery = (id: string, endpointId: string): WebhookDelivery => ({
    ...{ id, eventId: exampleId(6), endpointId, state: 'failed', dueAtMs: NOW_MS, claimedBy: null, tries: 10 },
    ...{ attempts: 10, createdAtMs: NOW_MS, finishedAtMs: NOW_MS },
  });
  await database.transaction(async (tx) => {
    await tx.insert(WebhookEndpointSchema, endpoint(exampleId(3), 'malipo', 'enabled'));
    await tx.insert(WebhookEndpointSchema, endpoint(exampleId(4), 'second', 'disabled'));
    const sealedSecret = sealing.seal(`whsec_${Buffer.alloc(32, 1).toString('base64')}`);
    for (const n of [3, 4]) {
      const secret = { id: exampleId(0x20 + n), endpointId: exampleId(n), sealedSecret };
      await tx.insert(WebhookSecretSchema, { ...secret, createdAtMs: NOW_MS, endsAtMs: null });
    }
    for (const [n, state] of [
      [0x10, 'draft'],
      [0x11, 'ready'],
      [0x12, 'submitted'],
      [0x13, 'paid'],
      [0x14, 'draft'],
    ] as const) {
      await tx.insert(PayoutBatchSchema, batchRow(n, state));
      for (const rowNo of [1, 2]) await tx.insert(PayoutRowSchema, payoutRow(n, rowNo, state));
    }
    await tx.insert(PayoutClaimSchema, {
      ...{ id: exampleId(0x18), rowId: exampleId(0x100 + 0x13 * 2 + 2), batchId: exampleId(0x13), state: 'asked' },
      ...{ organisationId: exampleId(1), caseNumber: 'C-2026/118', reason: 'the number is another person’s' },
      ...{ openedBy: 'staff:test', openedAtMs: NOW_MS, changedAtMs: NOW_MS, returnReceipt: null },
    });
    for (const [n, fromState, toState] of [
      [0x19, 'none', 'opened'],
      [0x1a, 'opened', 'asked'],
    ] as const) {
      const event = { id: exampleId(n), claimId: exampleId(0x18), fromState, toState, reason: 'a letter' };
      await tx.insert(ClaimEventSchema, { ...event, actor: 'staff:test', atMs: NOW_MS });
    }
    await tx.insert(PayoutScheduleSchema, scheduleRow(0x42, 'active'));
    await tx.insert(PayoutScheduleSchema, scheduleRow(0x41, 'paused'));
    await tx.insert(PayoutScheduleSchema, scheduleRow(0x40, 'active'));
    await tx.insert(ScheduleRunSchema, {
      ...{ id: exampleId(0x43), scheduleId: exampleId(0x40), dueDay: '2026-11-25', dueAtMs: NOW_MS, batchId: null },
      ...{ outcome: 'not-made', why: 'organisation.not-active', changedAtMs: NOW_MS },
    });
    await tx.insert(ScheduleRunSchema, {
      ...{ id: exampleId(0x44), scheduleId: exampleId(0x40), dueDay: '2026-12-25', dueAtMs: NOW_MS },
      ...{ batchId: exampleId(0x12), outcome: 'people', why: 'standing-none', changedAtMs: NOW_MS },
    });
    await tx.insert(QuotationSchema, {
      ...{ id: exampleId(0x30), organisationId: exampleId(1), number: 'Q7K2M9QX4T', currency: 'KES', rows: 2 },
      ...{ totalMinor: 4_350_000n, chargesMinor: 2_600n, feeMinor: 43_500n, taxMinor: 6_960n, details: QUOTED_DETAILS },
      ...{ validUntilDay: '2099-12-31', createdBy: 'staff:test', createdAtMs: NOW_MS },
    });
    await tx.insert(FundingSchema, {
      ...{ id: exampleId(0x31), organisationId: exampleId(1), quotationId: exampleId(0x30), reference: 'F4XK7QPM2T' },
      ...{ currency: 'KES', amountMinor: 4_403_060n, state: 'expected', orderNumber: null, orderMinor: null },
      ...{ claimedStep: null, claimedBy: null, claimEvidence: null, claimedAtMs: null, expectedAtMs: NOW_MS },
      ...{ bankedAtMs: null, bankEvidence: null, availableAtMs: null, moveEvidence: null },
    });
    await tx.insert(WebhookEventSchema, {
      ...{ id: exampleId(6), ...owner, eventType: 'batch.closed', factKey: 'batch:1:closed', body: '{}' },
      createdAtMs: NOW_MS,
    });
    await tx.insert(WebhookDeliverySchema, delivery(exampleId(5), exampleId(3)));
    await tx.insert(WebhookDeliverySchema, delivery(exampleId(7), exampleId(4)));
    await tx.insert(WebhookAttemptSchema, {
      ...{ id: exampleId(8), eventId: exampleId(6), deliveryId: exampleId(5), attempt: 10, startedAtMs: NOW_MS },
      ...{ durationMs: 80, status: 503, answer: 'down for maintenance' },
    });
  });
}

function batchRow(n: number, state: PayoutBatch['state']): PayoutBatch {
  const isPaid = state === 'paid';
  return {
    ...{ id: exampleId(n), organisationId: exampleId(1), number: `B7K2M9QX${n}`, name: 'Salaries November' },
    ...{ purpose: 'salary', currency: 'KES', operator: 'mpesa', state, version: 1, listId: null, titles: null },
    ...{ contentHash: state === 'draft' ? null : 'a'.repeat(64), previousId: null, scheduleId: null, rows: 2 },
    ...{ totalMinor: 4_350_000n, chargesMinor: 2_600n, feeMinor: 43_500n, taxMinor: 6_960n, reservedAtMs: null },
    ...{ makers: JSON.stringify(['somebody']), approvalId: null, hours: 'at-once', notBeforeMs: null },
    ...{ pauseReason: null, pauseDetail: null, pausedBy: null, pausedAtMs: null, createdAtMs: NOW_MS },
    ...{ hashForm: null, stopReason: null, leftOutRows: null, leftOutMinor: null },
    ...{ submittedAtMs: null, approvedAtMs: null, startedAtMs: isPaid ? NOW_MS : null },
    ...{ finishedAtMs: isPaid ? NOW_MS + 60_000 : null, closedAtMs: null },
  };
}

function payoutRow(n: number, rowNo: number, state: PayoutBatch['state']): PayoutRow {
  const isPaid = state === 'paid';
  return {
    ...{ id: exampleId(0x100 + n * 2 + rowNo), batchId: exampleId(n), rowNo, state: isPaid ? 'paid' : 'ready' },
    ...{
      msisdn: `+25471100010${rowNo}` as Msisdn,
      amountMinor: rowNo === 1 ? 2_000_000n : 2_350_000n,
      currency: 'KES',
    },
    ...{ name: 'Achieng Otieno', reference: `EMP-001${rowNo}`, extra: null, warnings: null, transferId: null },
    ...{ receipt: isPaid ? `SKL7XW2P9${rowNo}` : null, failureCause: null, paidAtMs: isPaid ? NOW_MS : null },
    ...{
      changedAtMs: NOW_MS,
      nameScore: null,
      replacesRowId: null,
      askedAtMs: null,
      answer: null,
      answeredAtMs: null,
      untoldAtMs: null,
    },
  };
}

export function scheduleRow(n: number, state: PayoutSchedule['state']): PayoutSchedule {
  const rule = JSON.stringify({ every: 'month', day: 25, at: '08:30' });
  return {
    ...{ id: exampleId(n), organisationId: exampleId(1), name: 'Salaries', state, rule, amounts: 'last' },
    ...{ sourceBatchId: exampleId(0x13), hours: 'working-hours', nextAtMs: state === 'active' ? NOW_MS : null },
    ...{ lastBatchId: null, makerId: 'somebody', makers: null, standingApprovalId: exampleId(0x45) },
    ...{ standingMostMinor: 5_000_000n, standingMostRows: 10, standingUntilMs: NOW_MS, createdAtMs: NOW_MS },
    ...{ standingRecipientsHash: 'b'.repeat(64), standingApprovers: null },
  };
}
