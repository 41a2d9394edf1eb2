export { applyDeliveryReport, applyOptOut } from './apply-sms-inbox.ts';
export { countMessages } from './count-messages.ts';
export type { MessageDeps } from './deps.ts';
export { keepWhole } from './keep-whole.ts';
export {
  type Message,
  MessageSchema,
  type MessageSender,
  type MessageState,
  messageStates,
  type SmsOptOut,
  SmsOptOutSchema,
} from './message.ts';
export { type MessageKind, proveMessageTexts } from './message-texts.ts';
export { clearOptOut, isOptedOut } from './opt-outs.ts';
export { type NewMessage, queueMessage, queueMessages, SEND_MESSAGE } from './queue-message.ts';
export { sendMessage } from './send-message.ts';
