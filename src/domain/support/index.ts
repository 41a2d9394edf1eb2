export { unlinkAccount, unlockPin } from './act-on-person.ts';
export { answerBreak, type BreakAct, proposeBreak, releaseHeld, reviveWork } from './act-on-queues.ts';
export { type SettlementAct, sayPaid, signFor, takeSettlementFile, writeFilesAgain } from './act-on-settlements.ts';
export {
  addWebhookEndpoint,
  resendWebhook,
  resendWebhooksSince,
  rotateWebhookSecret,
  switchWebhookEndpoint,
  tryWebhookEndpoint,
} from './act-on-webhooks.ts';
export { askBiller, askOperator, repeatWork, revive } from './act-on-work.ts';
export type { PaymentAct, SupportDeps } from './deps.ts';
export { lookAtCallback, lookAtNumber, lookAtTokens } from './look-at.ts';
export { sendReceipt } from './send-receipt.ts';
