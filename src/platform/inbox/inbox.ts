import { createHash } from 'node:crypto';
import type { Runtime } from '../../kernel/index.ts';
import { type Database, gatherFinds, gatherWork, type Tx } from '../database/index.ts';
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
  find(id: string): Promise<InboxEvent | undefined>;
  mark(tx: Tx, id: string, state: InboxState, subjectId?: string, note?: string): Promise<void>;
}

/** Topic of the work that applies a kept message: `inbox.mpesa.stk`. Its payload is `{eventId}`. */
export function inboxTopic(provider: string, kind: string): string {
  return `inbox.${provider}.${kind}`;
}

export function makeInbox(runtime: Runtime, database: Database, outbox: Outbox): Inbox {
  const keep = gatherWork(database, {
    async prepare(work, events: readonly InboxEvent[]) {
      for (const [provider, kind] of kindsOf(events)) {
        const those = events.filter((event) => event.provider === provider && event.kind === kind);
        await work.fetchAll(
          InboxEventSchema,
          'bodyHash',
          those.map(({ bodyHash }) => bodyHash),
          { provider, kind },
        );
      }
    },
    each: (tx, event) => keepNew(outbox, tx, event),
  });
  return {
    keep: ({ provider, kind, body, token }) =>
      keep({
        ...{ id: runtime.ids.next(), provider, kind, bodyHash: hashOf(token, body), token: token ?? null, body },
        ...{ state: 'new', subjectId: null, note: null, receivedAtMs: runtime.clock.now() },
      }),

    find: gatherFinds(database, InboxEventSchema),

    async mark(tx, id, state, subjectId, note) {
      await tx.update(
        InboxEventSchema,
        { id },
        { state, ...(subjectId ? { subjectId } : {}), ...(note ? { note: note.slice(0, 200) } : {}) },
      );
    },
  };
}

async function keepNew(outbox: Outbox, tx: Tx, event: InboxEvent): Promise<boolean> {
  const { id, provider, kind, bodyHash } = event;
  if (await tx.findOne(InboxEventSchema, { provider, kind, bodyHash })) return false;
  // One that is being stored at this moment is not seen yet.
  if (!(await tx.insertOnce(InboxEventSchema, event))) return false;
  await outbox.emit(tx, { topic: inboxTopic(provider, kind), key: id, payload: { eventId: id } });
  return true;
}

function kindsOf(events: readonly InboxEvent[]): [string, string][] {
  return [
    ...new Map(
      events.map(({ provider, kind }) => [`${provider} ${kind}`, [provider, kind] as [string, string]]),
    ).values(),
  ];
}

/** The same body at another address is another message. */
function hashOf(token: string | undefined, body: string): string {
  return createHash('sha256')
    .update(`${token ?? ''}\n${body}`)
    .digest('hex');
}
