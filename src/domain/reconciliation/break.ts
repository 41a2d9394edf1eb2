import { EntitySchema } from 'typeorm';
import { column } from '../../platform/database/index.ts';

/** Something that the books cannot explain by themselves; a person must. */
export interface Break {
  id: string;
  /** `contradiction`, `paid-twice`, `callback-unmatched`, `unknown-transfer`, `receipt-missing` ... */
  breakType: string;
  /** The transfer, payment or kept message that it is about. */
  subjectId: string;
  detail: string;
  state: 'open';
  openedAtMs: number;
}

export const BreakSchema = new EntitySchema<Break>({
  name: 'reconciliation_break',
  columns: {
    id: column.id(),
    breakType: { ...column.varchar(32), name: 'break_type' },
    subjectId: { ...column.reference(), name: 'subject_id' },
    detail: column.varchar(255),
    state: column.state(),
    openedAtMs: { ...column.instant(), name: 'opened_at' },
  },
  indices: [
    { name: 'break_subject', columns: ['subjectId', 'breakType'], unique: true },
    { name: 'break_state', columns: ['state', 'openedAtMs'] },
  ],
});
