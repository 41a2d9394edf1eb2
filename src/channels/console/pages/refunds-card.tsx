import { COMMITTED, REFUNDABLE, type Refund, type RefundState } from '../../../domain/refunds/index.ts';
import type { PaymentStory } from '../../../domain/stories/index.ts';
import { amountOf, type Transfer } from '../../../money/transfers/index.ts';
import type { Tone } from '../tones.ts';
import type { Visit } from '../visit.ts';
import { Act, Badge } from './frame.tsx';

/** The colour of a refund's state; its word is the text `console.refund.<state>`. */
export const REFUND_TONES: Readonly<Record<RefundState, Tone>> = {
  proposed: 'wait',
  agreed: 'wait',
  granted: 'wait',
  paid: 'good',
  failed: 'bad',
  declined: 'quiet',
  withdrawn: 'quiet',
  refused: 'bad',
  overtaken: 'quiet',
};

interface RefundsCardProps {
  visit: Visit;
  story: PaymentStory;
  /** Names of staff by id. */
  names: ReadonlyMap<string, string>;
}

/** What was proposed to be given back, and the form that proposes it. Nothing where there is neither. */
export function RefundsCard({ visit, story, names }: RefundsCardProps) {
  const { say } = visit.words;
  const choices = visit.may('support', 'finance', 'administrator') ? refundable(story) : [];
  if (story.refunds.length === 0 && choices.length === 0) return null;
  return (
    <section class="card" aria-label={say('refund.title')}>
      <h2>{say('refund.title')}</h2>
      {story.refunds.map((refund) => (
        <RefundLine key={refund.id} visit={visit} refund={refund} names={names} />
      ))}
      {choices.length > 0 && (
        <Act visit={visit} action={`/console/payments/${story.payment.id}/refund`} name="refund">
          <Choice visit={visit} choices={choices} />
        </Act>
      )}
    </section>
  );
}

/** Money that came and that nothing is proposed for; the domain looks again, behind a lock. */
function refundable({ payment, transfers, refunds }: PaymentStory): Transfer[] {
  const isTaken = ({ id }: Transfer) =>
    refunds.some(({ transferId, state }) => transferId === id && COMMITTED.includes(state)) ||
    transfers.some(({ route, purposeId, state }) => route === 'reversal' && purposeId === id && state !== 'failed');
  return transfers.filter((transfer) => {
    if (transfer.state !== 'succeeded' || transfer.receipt === null || isTaken(transfer)) return false;
    if (transfer.id === payment.transferId) return REFUNDABLE.includes(payment.state);
    return transfer.purpose === 'second-money';
  });
}

function RefundLine({ visit, refund, names }: Omit<RefundsCardProps, 'story'> & { refund: Refund }) {
  const { say, money, time } = visit.words;
  const { state, reason, proposedBy, proposedAtMs, approvalId } = refund;
  return (
    <div class="line">
      <p>
        <a href={`/console/approvals/${approvalId}`}>{money(refund)}</a>{' '}
        <Badge tone={REFUND_TONES[state]}>{say(`refund.${state}`)}</Badge>
        <small>{say(`refund-why.${state}`)}</small>
        <small>
          {say('approval.by', { name: names.get(proposedBy) ?? proposedBy, time: time(proposedAtMs) })} {reason}
        </small>
      </p>
    </div>
  );
}

function Choice({ visit, choices }: { visit: Visit; choices: readonly Transfer[] }) {
  const { say, money } = visit.words;
  const words = (transfer: Transfer) =>
    say('refund.of', { amount: money(amountOf(transfer)), receipt: transfer.receipt ?? '' });
  const [first] = choices;
  if (first && choices.length === 1) {
    return (
      <p>
        <input type="hidden" name="transfer" value={first.id} />
        {words(first)}
      </p>
    );
  }
  return (
    <div class="field">
      <label for="transfer">{say('refund.which')}</label>
      <select id="transfer" name="transfer">
        {choices.map((transfer) => (
          <option key={transfer.id} value={transfer.id}>
            {words(transfer)}
          </option>
        ))}
      </select>
    </div>
  );
}
