import type { Runtime } from '../../kernel/index.ts';
import type { Database } from '../../platform/database/index.ts';
import type { Outbox } from '../../platform/outbox/index.ts';
import type { Sealing } from '../../platform/sealing/index.ts';
import type { MailProvider } from '../../providers/mail/index.ts';

export interface MailDeps {
  runtime: Runtime;
  database: Database;
  outbox: Outbox;
  sealing: Sealing;
  /** Undefined: this service sends no mail. */
  mail: MailProvider | undefined;
}
