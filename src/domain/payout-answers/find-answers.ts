import type { Database } from '../../platform/database/index.ts';
import { type AnswerWord, type PayoutAnswer, PayoutAnswerSchema } from './payout-answer.ts';

interface ReadDeps {
  database: Database;
}

/** What the recipient of a row said, oldest first. */
export function answersOfRow({ database: { reader } }: ReadDeps, rowId: string): Promise<PayoutAnswer[]> {
  return reader.find(PayoutAnswerSchema, { where: { rowId }, order: { atMs: 'ASC', id: 'ASC' }, take: 100 });
}

/** How many recipients of a batch say what, by their last word. */
export async function countAnswers(
  { database: { reader } }: ReadDeps,
  batchId: string,
): Promise<Readonly<Record<AnswerWord, number>>> {
  const groups: { answer: AnswerWord; n: unknown }[] = await reader.query(
    'SELECT answer, COUNT(*) AS n FROM payout_answer WHERE batch_id = ? AND replaced_at IS NULL GROUP BY answer',
    [batchId],
  );
  const count = (word: AnswerWord) => Number(groups.find(({ answer }) => answer === word)?.n ?? 0);
  return { yes: count('yes'), no: count('no') };
}
