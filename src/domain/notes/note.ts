import { EntitySchema } from 'typeorm';
import { Refusal } from '../../kernel/index.ts';
import { column, type Database } from '../../platform/database/index.ts';
import { type Actor, type AuditDeps, recordAct } from '../audit/index.ts';

/** What one of staff wrote down. */
export interface Note {
  id: string;
  /** The id of a payment, or a phone number. */
  subjectId: string;
  authorId: string;
  body: string;
  atMs: number;
}

export const NoteSchema = new EntitySchema<Note>({
  name: 'note',
  columns: {
    id: column.id(),
    subjectId: { ...column.reference(), name: 'subject_id' },
    authorId: { ...column.reference(), name: 'author_id' },
    body: column.varchar(2000),
    atMs: { ...column.instant(), name: 'at' },
  },
  indices: [{ name: 'note_subject', columns: ['subjectId', 'atMs'] }],
});

const LONGEST = 2_000;

/** Refuses with `note.empty` and `note.too-long` (`{most}`). */
export async function writeNote(
  deps: AuditDeps & { database: Database },
  actor: Actor,
  input: { subject: { kind: 'payment' | 'person'; id: string }; body: string },
): Promise<void> {
  const body = input.body.trim();
  if (body === '') throw new Refusal('note.empty');
  if (body.length > LONGEST) throw new Refusal('note.too-long', { most: LONGEST });
  const { ids, clock } = deps.runtime;
  await deps.database.transaction(async (tx) => {
    const note = { id: ids.next(), subjectId: input.subject.id, authorId: actor.id, body, atMs: clock.now() };
    await tx.insert(NoteSchema, note);
    await recordAct(deps, tx, {
      ...{ actor, act: 'note.written', after: { note: note.id } },
      // A number does not belong into the audit log.
      subject: input.subject.kind === 'payment' ? input.subject : { kind: 'person', id: note.id },
    });
  });
}
