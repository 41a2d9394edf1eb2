import { EntitySchema } from 'typeorm';
import { column } from '../../platform/database/index.ts';

/** Who acts: a person of ours or of an organisation, an API key, someone at the command line, or the service itself. */
export type ActorKind = 'staff' | 'key' | 'command' | 'service';

/** One act. Appended, never changed. */
export interface AuditEntry {
  id: string;
  /** From 1, without a gap. */
  position: number;
  atMs: number;
  actorKind: ActorKind;
  actorId: string;
  /** Network address; empty where there is none. */
  address: string;
  /** `house`, or the organisation whose affair it is. */
  scope: string;
  /** Thing and verb: `receipt.sent-again`, `staff.invited`. */
  act: string;
  subjectKind: string;
  subjectId: string;
  reason: string;
  /** JSON; null where there was nothing, or nothing changed. */
  before: string | null;
  after: string | null;
  previousHash: string;
  /** HMAC-SHA256 over all of the above, in hex. */
  hash: string;
}

export const AuditEntrySchema = new EntitySchema<AuditEntry>({
  name: 'audit_entry',
  columns: {
    id: column.id(),
    position: column.count(),
    atMs: { ...column.instant(), name: 'at' },
    actorKind: { ...column.varchar(8), name: 'actor_kind' },
    actorId: { ...column.varchar(64), name: 'actor_id' },
    address: column.varchar(64),
    scope: column.varchar(36),
    act: column.varchar(48),
    subjectKind: { ...column.varchar(24), name: 'subject_kind' },
    subjectId: { ...column.varchar(64), name: 'subject_id' },
    reason: column.varchar(500),
    before: { ...column.text({ nullable: true }), name: 'state_before' },
    after: { ...column.text({ nullable: true }), name: 'state_after' },
    previousHash: { ...column.varchar(64), name: 'previous_hash' },
    hash: column.varchar(64),
  },
  indices: [
    { name: 'audit_entry_position', columns: ['position'], unique: true },
    { name: 'audit_entry_subject', columns: ['subjectId', 'position'] },
    { name: 'audit_entry_actor', columns: ['actorId', 'position'] },
    { name: 'audit_entry_time', columns: ['atMs'] },
    { name: 'audit_entry_scope', columns: ['scope', 'position'] },
  ],
});

/** The end of the chain: one row, locked while an entry is added. */
export interface AuditHead {
  id: string;
  position: number;
  hash: string;
}

export const AuditHeadSchema = new EntitySchema<AuditHead>({
  name: 'audit_head',
  columns: { id: column.id(), position: column.count(), hash: column.varchar(64) },
});

export const HEAD_ID = 'head';
/** What the first entry follows. */
export const NO_HASH = '0'.repeat(64);
