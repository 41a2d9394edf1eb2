export { awaitsToken } from './await-token.ts';
export { BillerSilentError } from './biller-silent-error.ts';
export type { DelaySettings, PaymentDeps, PaymentSettings, RuleAction } from './deps.ts';
export { paymentHandlers } from './handlers.ts';
export { expireHold, releaseHold } from './holds.ts';
export type { PaymentRequest } from './insert-payment.ts';
export { onTransferReversed } from './on-reversal.ts';
export {
  askToCancel,
  closeRefunded,
  heldForPayer,
  mustCancelFirst,
  oweBack,
  reopenRefunded,
} from './owe-back.ts';
export {
  type Payment,
  type PaymentEvent,
  PaymentEventSchema,
  PaymentSchema,
  type PaymentToken,
  PaymentTokenSchema,
  type PromptedChannel,
} from './payment.ts';
export { type PaymentState, paymentStates } from './payment-states.ts';
export {
  findPayment,
  findWebPayment,
  getPayment,
  listPayments,
  type PaymentView,
  paymentUnderWay,
  type Situation,
  viewPayments,
} from './payment-view.ts';
export { formatToken, queueReceiptAgain } from './receipt.ts';
export { sendReceiptAgain } from './receipt-again.ts';
export {
  checkAmount,
  checkPayer,
  type PaymentRequested,
  promptNow,
  requestPayment,
} from './request-payment.ts';
export { tellRefundFailed } from './tell-customer.ts';
export { tellPart } from './tell-part.ts';
export { paymentTopic } from './topics.ts';
export { findUndeliveredReceipt, type UndeliveredReceipt } from './undelivered-receipt.ts';
export { type Counter, type UsedLimits, usedLimits } from './used-limits.ts';
export { validatePaybill } from './validate-paybill.ts';
