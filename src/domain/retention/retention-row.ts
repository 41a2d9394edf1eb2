import { EntitySchema } from 'typeorm';
import { column } from '../../platform/database/index.ts';

/** How far one kind was gone through: everything in front of this place is forgotten, or held. */
export interface RetentionPlace {
  /** Name of the kind. */
  id: string;
  place: string;
}

export const RetentionPlaceSchema = new EntitySchema<RetentionPlace>({
  name: 'retention_place',
  columns: { id: column.id(), place: column.varchar(80) },
});

/** A row that was past its time while something open needed it: looked at again every night. */
export interface RetentionHeld {
  kind: string;
  rowId: string;
}

export const RetentionHeldSchema = new EntitySchema<RetentionHeld>({
  name: 'retention_held',
  columns: {
    kind: { ...column.varchar(24), primary: true },
    rowId: { ...column.id(), name: 'row_id' },
  },
});

/** What one day forgot of one kind, and what was past its time and still needed at its end. */
export interface RetentionCount {
  id: string;
  /** Business day. */
  day: string;
  kind: string;
  forgotten: number;
  held: number;
  atMs: number;
}

export const RetentionCountSchema = new EntitySchema<RetentionCount>({
  name: 'retention_count',
  columns: {
    id: column.id(),
    day: column.varchar(10),
    kind: column.varchar(24),
    forgotten: column.count(),
    held: column.count(),
    atMs: { ...column.instant(), name: 'at' },
  },
  indices: [{ name: 'retention_count_day', columns: ['day', 'kind'], unique: true }],
});
