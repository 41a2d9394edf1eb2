export { REFUND, type RefundActDeps, type RefundDeps, refundTopic } from './deps.ts';
export { refundEvents, refundsOf, refundsOfApprovals } from './find-refunds.ts';
export { refundHandlers } from './handlers.ts';
export { onMoneyBack } from './on-reversal.ts';
export { proposeRefund, REFUNDABLE, type RefundProposal } from './propose-refund.ts';
export { type Refund, type RefundEvent, RefundEventSchema, type RefundKind, RefundSchema } from './refund.ts';
export { COMMITTED, type RefundState, refundStates } from './refund-states.ts';
export { voteOnRefund, withdrawRefund } from './vote-on-refund.ts';
