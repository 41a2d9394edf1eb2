import type { BatchChanges } from '../../../domain/payout-batches/index.ts';
import type { Desk, Visit } from '../visit.ts';
import { ApprovalBody, type ApprovalItem, Headline } from './approvals-page.tsx';
import { ChangesCard } from './changes-page.tsx';
import { Badge, Frame } from './frame.tsx';
import { REFUND_TONES, whyOf } from './refunds-card.tsx';

interface ApprovalPageProps {
  desk: Desk;
  visit: Visit;
  item: ApprovalItem;
  /** For a batch that is to be decided: what differs from the one before. */
  changes: BatchChanges | null;
  /** Why what was just tried could not be done. */
  fault?: string | undefined;
  note?: string | undefined;
}

const TONES = { pending: 'wait', granted: 'good', rejected: 'bad', withdrawn: 'quiet', outdated: 'quiet' } as const;

/** One of them, decided or not. */
export function ApprovalPage({ desk, visit, item, changes, fault, note }: ApprovalPageProps) {
  const { say, time } = visit.words;
  const { approval, refund, erasure } = item;
  const { state, decidedAtMs } = approval;
  return (
    <Frame visit={visit} title={say('place.approvals')} note={note}>
      {fault && (
        <p class="note bad" role="alert">
          {fault}
        </p>
      )}
      <section class="card narrow">
        <h1 class="headline">
          <Headline visit={visit} item={item} /> <Badge tone={TONES[state]}>{say(`approval.${state}`)}</Badge>
        </h1>
        <ApprovalBody desk={desk} visit={visit} item={item} />
        {decidedAtMs !== null && <p class="hint">{say('approval.decided', { time: time(decidedAtMs) })}</p>}
        {refund && refund.state !== 'proposed' && (
          <p>
            <Badge tone={REFUND_TONES[refund.state]}>{say(`refund.${refund.state}`)}</Badge>
            <small>{whyOf(visit, refund)}</small>
          </p>
        )}
        {erasure && erasure.state !== 'proposed' && (
          <p>{say(`erasure.${erasure.state}`, { time: time(erasure.changedAtMs) })}</p>
        )}
        <p>
          <a href="/console/approvals">{say('approval.all')}</a>
        </p>
      </section>
      {changes && item.batch && (
        <div class="narrow">
          <ChangesCard visit={visit} batch={item.batch} changes={changes} />
        </div>
      )}
    </Frame>
  );
}
