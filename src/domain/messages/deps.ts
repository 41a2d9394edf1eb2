import type { Runtime } from '../../kernel/index.ts';
import type { Database } from '../../platform/database/index.ts';
import type { Inbox } from '../../platform/inbox/index.ts';
import type { Log } from '../../platform/log/index.ts';
import type { Outbox } from '../../platform/outbox/index.ts';
import type { Sealing } from '../../platform/sealing/index.ts';
import type { Texts } from '../../platform/texts/index.ts';
import type { SmsProvider } from '../../providers/sms/index.ts';
import type { MessageSender } from './message.ts';

export interface MessageDeps {
  runtime: Runtime;
  database: Database;
  outbox: Outbox;
  inbox: Inbox;
  sealing: Sealing;
  texts: Texts;
  sms: SmsProvider;
  log: Log;
  /** Sender names; one that is left out lets the provider choose. */
  senderNames: Partial<Record<MessageSender, string>>;
}
