import { type Approval, type ApprovalVote, type PolicyStep, policyOf } from '../../../domain/approvals/index.ts';
import type { PaymentView } from '../../../domain/payments/index.ts';
import { needOf, type PayoutBatch, type PayoutSchedule } from '../../../domain/payout-batches/index.ts';
import type { Erasure } from '../../../domain/privacy/index.ts';
import type { Refund } from '../../../domain/refunds/index.ts';
import { type Msisdn, maskMsisdn } from '../../../kernel/index.ts';
import { batchPath, schedulePath } from '../batch-access.ts';
import { personPath } from '../person-key.ts';
import type { Desk, Visit } from '../visit.ts';
import { Act, Empty, ExportLink, Frame } from './frame.tsx';
import { billerName } from './payment-table.tsx';
import { ruleWords } from './schedule-parts.tsx';

/** One thing that waits for other people, or did. */
export interface ApprovalItem {
  approval: Approval;
  /** Oldest first. */
  votes: readonly ApprovalVote[];
  refund: Refund | undefined;
  payment: PaymentView | undefined;
  erasure: Erasure | undefined;
  /** Who is to be forgotten; undefined once he is. */
  person: Msisdn | undefined;
  batch: PayoutBatch | undefined;
  /** Whose runs it would grant beforehand. */
  schedule: PayoutSchedule | undefined;
  /** Of people, by the id of the person. */
  names: ReadonlyMap<string, string>;
  /** The reader may vote now. */
  isMine: boolean;
  /** The reader proposed it. */
  isOwn: boolean;
  /** The reader proposed it, or changed it. */
  hadHand: boolean;
}

interface ItemProps {
  desk: Desk;
  visit: Visit;
  item: ApprovalItem;
}

interface ApprovalsPageProps {
  desk: Desk;
  visit: Visit;
  items: readonly ApprovalItem[];
  next: string | undefined;
  note?: string | undefined;
}

/** Everything that waits for a second pair of eyes, the oldest first. */
export function ApprovalsPage({ desk, visit, items, next, note }: ApprovalsPageProps) {
  const { say } = visit.words;
  return (
    <Frame visit={visit} title={say('place.approvals')} note={note}>
      <h1>{say('place.approvals')}</h1>
      <p class="hint">{say('approval.what')}</p>
      {items.length === 0 ? <Empty>{say('approval.none')}</Empty> : <ExportLink visit={visit} list="approvals" />}
      {items.map((item) => (
        <section key={item.approval.id} class="card" aria-labelledby={`of-${item.approval.id}`}>
          <h2 id={`of-${item.approval.id}`}>
            <a href={`/console/approvals/${item.approval.id}`}>
              <Headline visit={visit} item={item} />
            </a>
          </h2>
          <ApprovalBody desk={desk} visit={visit} item={item} />
        </section>
      ))}
      {next && (
        <p>
          <a class="button small" href={`/console/approvals?after=${next}`}>
            {say('approval.more')}
          </a>
        </p>
      )}
    </Frame>
  );
}

export function Headline({ visit, item: { approval } }: Omit<ItemProps, 'desk'>) {
  const { say, money, has } = visit.words;
  const { kind, amountMinor, currency } = approval;
  const amount = amountMinor === null || currency === null ? '' : money({ amountMinor, currency });
  return (
    <>
      {has(`console.approval.kind.${kind}`) ? say(`approval.kind.${kind}`) : kind} {amount}
    </>
  );
}

/** What is to be decided, who asked for it and why, who has said what, and what the reader can do. */
export function ApprovalBody({ desk, visit, item }: ItemProps) {
  const { say, time } = visit.words;
  const { approval, payment, person, batch, schedule, names } = item;
  const { makerId, reason, submittedAtMs } = approval;
  return (
    <>
      {payment && (
        <p>
          {billerName(desk, payment)} {payment.account} <PaymentLink visit={visit} payment={payment} />
        </p>
      )}
      {person && (
        <p>
          <PersonLink desk={desk} visit={visit} person={person} />
        </p>
      )}
      {batch && <BatchBrief visit={visit} batch={batch} />}
      {schedule && <ScheduleBrief visit={visit} schedule={schedule} />}
      <p>
        {reason}
        <small>{say('approval.by', { name: names.get(makerId) ?? makerId, time: time(submittedAtMs) })}</small>
      </p>
      <Steps visit={visit} item={item} />
      {approval.state === 'pending' && <Acts visit={visit} item={item} />}
    </>
  );
}

/** People who are paid together: the batch itself is a page of its own. */
function BatchBrief({ visit, batch }: { visit: Visit; batch: PayoutBatch }) {
  const { say, money } = visit.words;
  const need = { amountMinor: needOf(batch), currency: batch.currency };
  return (
    <p>
      <a href={batchPath(batch)}>
        {batch.number} {batch.name}
      </a>
      <small>
        {say(`purpose.${batch.purpose}`)} · {say('batch.rows', { count: batch.rows })} ·{' '}
        {say('batch.with-costs', { amount: money(need) })}
      </small>
    </p>
  );
}

/** What every run of it may pay; the people stand in its own page. */
function ScheduleBrief({ visit, schedule }: { visit: Visit; schedule: PayoutSchedule }) {
  return (
    <p>
      <a href={schedulePath(schedule)}>{schedule.name}</a>
      <small>{ruleWords(visit, schedule)}</small>
      <small>{visit.words.say('schedule.standing-what')}</small>
    </p>
  );
}

/** An approver sees what he votes on, and not whole payments. */
function PaymentLink({ visit, payment }: { visit: Visit; payment: PaymentView }) {
  if (!visit.may('support', 'finance', 'administrator', 'auditor')) return <>{payment.reference}</>;
  return <a href={`/console/payments/${payment.id}`}>{payment.reference}</a>;
}

/** An approver sees whom he votes on, masked, and not his page. */
function PersonLink({ desk, visit, person }: Omit<ItemProps, 'item'> & { person: Msisdn }) {
  if (!visit.may('support', 'finance', 'administrator', 'auditor')) return <>{maskMsisdn(person)}</>;
  return <a href={personPath(desk, person)}>{maskMsisdn(person)}</a>;
}

function Steps({ visit, item }: Omit<ItemProps, 'desk'>) {
  const { steps } = policyOf(item.approval);
  return (
    <ol class="next">
      {steps.map((step, index) => (
        <li key={String(index)}>
          <Step visit={visit} item={item} step={step} index={index} />
        </li>
      ))}
    </ol>
  );
}

function Step({ visit, item, step, index }: Omit<ItemProps, 'desk'> & { step: PolicyStep; index: number }) {
  const { say, time } = visit.words;
  const { votes, names } = item;
  const own = votes.filter((vote) => vote.step === index);
  const roles = step.roles.map((role) => say(`role.${role}`)).join(` ${say('approval.or')} `);
  const given = own.filter(({ verdict }) => verdict === 'grant').length;
  return (
    <>
      {say('approval.step', { roles, given, needed: step.votes })}
      {own.map(({ id, voterId, verdict, reason, atMs }) => (
        <small key={id}>
          {say(`approval.${verdict}`, { name: names.get(voterId) ?? voterId, time: time(atMs) })} {reason}
        </small>
      ))}
    </>
  );
}

function Acts({ visit, item: { approval, isMine, isOwn, hadHand } }: Omit<ItemProps, 'desk'>) {
  const { say } = visit.words;
  const path = `/console/approvals/${approval.id}`;
  if (isOwn) {
    return (
      <>
        <p class="hint">{say('approval.own')}</p>
        {visit.may('support', 'finance', 'administrator', ...(visit.isHouse ? [] : (['initiator'] as const))) && (
          <Act visit={visit} action={`${path}/withdraw`} name="withdraw" id={`withdraw-${approval.id}`} />
        )}
      </>
    );
  }
  if (!isMine) return <p class="hint">{say(hadHand ? 'approval.own-hand' : 'approval.not-yours')}</p>;
  const choose = (verdict: 'grant' | 'reject', name: string) => (
    <Act visit={visit} action={`${path}/vote`} name={name} id={`${name}-${approval.id}`}>
      <input type="hidden" name="verdict" value={verdict} />
      <input type="hidden" name="seen" value={approval.subjectHash} />
    </Act>
  );
  return (
    <>
      {choose('grant', 'grant')}
      {choose('reject', 'decline')}
    </>
  );
}
