import { EntitySchema } from 'typeorm';
import { column } from '../database/index.ts';

/**
 * new: stored, not yet looked at. applied: it changed something. repeated: it told what we knew. unmatched: it fits
 * nothing yet and is looked at again. staff: it still fits nothing, or contradicts, and a person must look.
 */
export type InboxState = 'new' | 'applied' | 'repeated' | 'unmatched' | 'staff';

/** A message of a provider as it came. Its body is kept as evidence; it may hold a phone number, never a secret. */
export interface InboxEvent {
  id: string;
  provider: string;
  kind: string;
  /** SHA-256 of the body, so that a second, contradicting message is kept beside the first. */
  bodyHash: string;
  /** The token in the address that it came to. */
  token: string | null;
  body: string;
  state: InboxState;
  /** What it was found to be about: the id of a transfer or message. */
  subjectId: string | null;
  note: string | null;
  receivedAtMs: number;
}

export const InboxEventSchema = new EntitySchema<InboxEvent>({
  name: 'inbox_event',
  columns: {
    id: column.id(),
    provider: column.varchar(24),
    kind: column.varchar(24),
    bodyHash: { ...column.varchar(64), name: 'body_hash' },
    token: column.varchar(64, { nullable: true }),
    body: column.text(),
    state: column.state(),
    subjectId: { ...column.reference({ nullable: true }), name: 'subject_id' },
    note: column.varchar(200, { nullable: true }),
    receivedAtMs: { ...column.instant(), name: 'received_at' },
  },
  indices: [
    { name: 'inbox_event_unique', columns: ['provider', 'kind', 'bodyHash'], unique: true },
    { name: 'inbox_event_subject', columns: ['subjectId'] },
    { name: 'inbox_event_state', columns: ['state', 'receivedAtMs'] },
  ],
});
