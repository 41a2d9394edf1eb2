import type { MailDeps } from '../mails/index.ts';
import type { MessageDeps } from '../messages/index.ts';
import type { PayoutBatchDeps } from '../payout-batches/index.ts';

export interface PayoutNewsDeps extends PayoutBatchDeps, MessageDeps {
  /** Undefined: this service sends no mail. */
  mail?: MailDeps['mail'];
  /** For people who never chose one. */
  defaultLanguage: string;
  /** Before the addresses of the console in a mail. */
  publicUrl: string;
  /** How recipients answer: the number to which they write, empty where they cannot, and what they dial. */
  answering: { number: string; dial: string };
}
