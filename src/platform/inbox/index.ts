export { type Arrival, type Inbox, inboxTopic, makeInbox } from './inbox.ts';
export { type InboxEvent, InboxEventSchema, type InboxState } from './inbox-event.ts';
