import { createHash } from 'node:crypto';
import type { Runtime } from '../../kernel/index.ts';
import type { Database, Tx } from '../database/index.ts';
import type { Outbox } from '../outbox/index.ts';
import { type InboxEvent, InboxEventSchema, type InboxState } from './inbox-event.ts';

export interface Arrival {
  provider: string;
  kind: string;
  /** As received. */
  body: string;
  token?: string;
}

/** What providers tell us is stored before it is answered, and acted on afterwards. */
export interface Inbox {
  /** Stores the body and the work of applying it, in one transaction. False when this very body was kept before. */
  keep(arrival: Arrival): Promise<boolean>;
  find(id: string): Promise<InboxEvent | null>;
  mark(tx: Tx, id: string, state: InboxState, subjectId?: string, note?: string): Promise<void>;
}

/** Topic of the work that applies a kept message: `inbox.mpesa.stk`. Its payload is `{eventId}`. */
export function inboxTopic(provider: string, kind: string): string {
  return `inbox.${provider}.${kind}`;
}

export function makeInbox(runtime: Runtime, database: Database, outbox: Outbox): Inbox {
  return {
    keep: ({ provider, kind, body, token }) =>
      database.transaction(async (tx) => {
        const id = runtime.ids.next();
        const isNew = await tx.insertOnce(InboxEventSchema, {
          id,
          provider,
          kind,
          bodyHash: createHash('sha256')
            .update(`${token ?? ''}\n${body}`)
            .digest('hex'),
          token: token ?? null,
          body,
          state: 'new',
          subjectId: null,
          note: null,
          receivedAtMs: runtime.clock.now(),
        });
        if (isNew) await outbox.emit(tx, { topic: inboxTopic(provider, kind), key: id, payload: { eventId: id } });
        return isNew;
      }),

    find: (id) => database.reader.findOne(InboxEventSchema, { where: { id } }),

    async mark(tx, id, state, subjectId, note) {
      await tx.update(
        InboxEventSchema,
        { id },
        { state, ...(subjectId ? { subjectId } : {}), ...(note ? { note: note.slice(0, 200) } : {}) },
      );
    },
  };
}
