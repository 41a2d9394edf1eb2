import { MoreThan } from 'typeorm';
import type { Database } from '../../platform/database/index.ts';
import { type Approval, ApprovalSchema, type ApprovalVote } from './approval.ts';
import { votesOf } from './list-approvals.ts';

const READ_TOGETHER = 500;

/** What waits in a scope, the oldest first, some at a time, each with its votes. */
export async function* eachPending(
  { database }: { database: Database },
  scope: string,
): AsyncGenerator<(Approval & { votes: ApprovalVote[] })[]> {
  let afterId = '';
  for (;;) {
    const rows: Approval[] = await database.reader.find(ApprovalSchema, {
      where: { scope, state: 'pending', id: MoreThan(afterId) },
      ...{ order: { id: 'ASC' }, take: READ_TOGETHER },
    });
    const votes = await votesOf(database, rows);
    if (rows.length > 0) {
      yield rows.map((row) => ({ ...row, votes: votes.filter(({ approvalId }) => approvalId === row.id) }));
    }
    if (rows.length < READ_TOGETHER) return;
    afterId = rows.at(-1)?.id ?? '';
  }
}

export function countPending({ database }: { database: Database }, scope: string): Promise<number> {
  return database.reader.countBy(ApprovalSchema, { scope, state: 'pending' });
}
