/** How the rows of one kind are gone through: by their ids, which grow with time, or numbers by when they were last seen. */
export type RetentionOrder = 'made' | 'last-seen';

/** Rows of one table that are forgotten after their time. */
export interface RetentionKind {
  /** At most 24 characters; part of the keys of what is kept about it. */
  name: string;
  /** How long they are kept. */
  days: number;
  table: string;
  order: RetentionOrder;
  /**
   * SQL on the columns of the table, each with the table's name in front: whether something still needs a row that is older than
   * the instant (epoch ms). Reads other tables by an index only.
   */
  held(beforeMs: number): string;
  /** What becomes of them: they go, or, by a SET clause, what is personal in them does. */
  forget: 'delete' | { set: string };
  /** Rows of other tables that go with them. */
  with?: readonly { table: string; column: string }[];
}
