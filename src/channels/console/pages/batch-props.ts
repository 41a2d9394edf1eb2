import type { Organisation } from '../../../domain/organisations/index.ts';
import type { AnswerWord } from '../../../domain/payout-answers/index.ts';
import type { BatchChanges, BatchEvent, BatchProgress, PayoutBatch } from '../../../domain/payout-batches/index.ts';
import type { PayoutList } from '../../../domain/payout-lists/index.ts';
import type { Desk, Visit } from '../visit.ts';

export interface BatchPageProps {
  desk: Desk;
  visit: Visit;
  organisation: Organisation;
  batch: PayoutBatch;
  progress: BatchProgress;
  /** Rows that need a reason. */
  warnings: number;
  /** Oldest first. */
  events: readonly BatchEvent[];
  changes: BatchChanges | null;
  /** Read, and in no batch yet. */
  lists: readonly PayoutList[];
  /** The batch that this one repeats. */
  previous: PayoutBatch | null;
  /** How many recipients say that the money came, and that it did not. */
  answers: Readonly<Record<AnswerWord, number>>;
  names: ReadonlyMap<string, string>;
  fault: string | undefined;
  note: string | undefined;
}
