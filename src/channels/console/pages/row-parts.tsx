import type { PayoutClaim, RowView } from '../../../domain/payout-batches/index.ts';
import { claimPath } from '../batch-access.ts';
import type { Visit } from '../visit.ts';

/** The claim of it, where somebody must still do something about one, or it has ended well. */
export function ClaimOf({ visit, claim }: { visit: Visit; claim: PayoutClaim | undefined }) {
  if (!claim || claim.state === 'dismissed') return null;
  const { say } = visit.words;
  return (
    <small>
      <a href={claimPath(claim)}>
        {say('claim.one')}: {say(`claim-state.${claim.state}`)}
      </a>
    </small>
  );
}

/** What its recipient said to the question whether the money came. */
export function AnswerOf({ visit, row }: { visit: Visit; row: RowView }) {
  const { say, time } = visit.words;
  if (row.answer === null) return <>{row.askedAtMs !== null && say('answer.none')}</>;
  return (
    <span>
      {say(`answer.${row.answer}`)}
      <small>{row.answeredAtMs !== null && time(row.answeredAtMs)}</small>
    </span>
  );
}

export const warningWords = (visit: Visit, warnings: string) =>
  warnings
    .split(' ')
    .map((code) => visit.words.name('row-warning', code))
    .join(' ');
