import type { Desk, Visit } from '../visit.ts';
import { ApprovalBody, type ApprovalItem, Headline } from './approvals-page.tsx';
import { Badge, Frame } from './frame.tsx';
import { REFUND_TONES } from './refunds-card.tsx';

interface ApprovalPageProps {
  desk: Desk;
  visit: Visit;
  item: ApprovalItem;
  /** Why what was just tried could not be done. */
  fault?: string | undefined;
  note?: string | undefined;
}

const TONES = { pending: 'wait', granted: 'good', rejected: 'bad', withdrawn: 'quiet', outdated: 'quiet' } as const;

/** One of them, decided or not. */
export function ApprovalPage({ desk, visit, item, fault, note }: ApprovalPageProps) {
  const { say, time } = visit.words;
  const { approval, refund } = item;
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
            <small>{say(`refund-why.${refund.state}`)}</small>
          </p>
        )}
        <p>
          <a href="/console/approvals">{say('approval.all')}</a>
        </p>
      </section>
    </Frame>
  );
}
