import { EntitySchema } from 'typeorm';
import { column } from '../../platform/database/index.ts';

/** Who has taken something on. */
export interface Assignment {
  id: string;
  queue: string;
  subjectId: string;
  ownerId: string;
  atMs: number;
}

export const AssignmentSchema = new EntitySchema<Assignment>({
  name: 'assignment',
  columns: {
    id: column.id(),
    queue: column.varchar(16),
    subjectId: { ...column.reference(), name: 'subject_id' },
    ownerId: { ...column.reference(), name: 'owner_id' },
    atMs: { ...column.instant(), name: 'at' },
  },
  indices: [
    { name: 'assignment_subject', columns: ['queue', 'subjectId'], unique: true },
    { name: 'assignment_owner', columns: ['queue', 'ownerId', 'subjectId'] },
  ],
});
