import { heldForPayer } from '../../../domain/payments/index.ts';
import { COMMITTED, REFUNDABLE, type Refund, type RefundState } from '../../../domain/refunds/index.ts';
import type { PaymentStory } from '../../../domain/stories/index.ts';
import type { Money } from '../../../kernel/index.ts';
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
          {choices.some(({ canBePart }) => canBePart) && <AmountField visit={visit} />}
        </Act>
      )}
    </section>
  );
}

interface Refundable {
  transfer: Transfer;
  left: Money;
  /** No biller has it: a part of it may go back. */
  canBePart: boolean;
}

/** Money that came, as far as nothing is proposed for it; the domain looks again, behind a lock. */
function refundable({ payment, transfers, refunds }: PaymentStory): Refundable[] {
  return transfers.flatMap((transfer): Refundable[] => {
    const { id, state, receipt, purpose, amountMinor, currency } = transfer;
    const isOwn = id === payment.transferId;
    if (
      state !== 'succeeded' ||
      receipt === null ||
      !(isOwn ? REFUNDABLE.includes(payment.state) : purpose === 'second-money')
    )
      return [];
    const isBack = (one: Transfer) => one.route === 'reversal' && one.purposeId === id && one.state !== 'failed';
    const taken = refunds.filter((one) => one.transferId === id && COMMITTED.includes(one.state));
    const leftMinor = taken.reduce((left, one) => left - one.amountMinor, amountMinor);
    if (leftMinor <= 0n || transfers.some(isBack)) return [];
    return [
      {
        transfer,
        left: { amountMinor: leftMinor, currency },
        canBePart: !isOwn || heldForPayer(payment) !== undefined,
      },
    ];
  });
}

/** Of a part there are other words where it goes another way. */
export function whyOf({ words }: Visit, { kind, state }: Refund): string {
  const ofPart = `refund-why-part.${state}`;
  return words.say(kind === 'part' && words.has(`console.${ofPart}`) ? ofPart : `refund-why.${state}`);
}

function AmountField({ visit }: { visit: Visit }) {
  const { say } = visit.words;
  return (
    <div class="field">
      <label for="refund-amount">{say('refund.amount')}</label>
      <input
        id="refund-amount"
        name="amount"
        inputmode="decimal"
        autocomplete="off"
        aria-describedby="refund-amount-hint"
      />
      <p class="hint" id="refund-amount-hint">
        {say('refund.amount-hint')}
      </p>
    </div>
  );
}

function RefundLine({ visit, refund, names }: Omit<RefundsCardProps, 'story'> & { refund: Refund }) {
  const { say, money, time } = visit.words;
  const { state, reason, proposedBy, proposedAtMs, approvalId } = refund;
  return (
    <div class="line">
      <p>
        <a href={`/console/approvals/${approvalId}`}>{money(refund)}</a>{' '}
        <Badge tone={REFUND_TONES[state]}>{say(`refund.${state}`)}</Badge>
        <small>{whyOf(visit, refund)}</small>
        <small>
          {say('approval.by', { name: names.get(proposedBy) ?? proposedBy, time: time(proposedAtMs) })} {reason}
        </small>
      </p>
    </div>
  );
}

function Choice({ visit, choices }: { visit: Visit; choices: readonly Refundable[] }) {
  const { say, money } = visit.words;
  const words = ({ transfer, left }: Refundable) => {
    const of = say('refund.of', { amount: money(amountOf(transfer)), receipt: transfer.receipt ?? '' });
    return left.amountMinor === transfer.amountMinor ? of : `${of}, ${say('refund.left', { amount: money(left) })}`;
  };
  const [first] = choices;
  if (first && choices.length === 1) {
    return (
      <p>
        <input type="hidden" name="transfer" value={first.transfer.id} />
        {words(first)}
      </p>
    );
  }
  return (
    <div class="field">
      <label for="transfer">{say('refund.which')}</label>
      <select id="transfer" name="transfer">
        {choices.map((choice) => (
          <option key={choice.transfer.id} value={choice.transfer.id}>
            {words(choice)}
          </option>
        ))}
      </select>
    </div>
  );
}
