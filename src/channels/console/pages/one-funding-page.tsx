import {
  type Funding,
  type FundingEvent,
  matchOrder,
  nextStep,
  type OrderMatch,
  type Quotation,
  stepDays,
} from '../../../domain/funding/index.ts';
import type { Organisation } from '../../../domain/organisations/index.ts';
import type { Tone } from '../tones.ts';
import type { Visit } from '../visit.ts';
import { Act, ActForm, Badge, Frame, ReasonField } from './frame.tsx';
import { FUNDING_TONES, mayPrepare } from './funding-page.tsx';

interface OneFundingProps {
  visit: Visit;
  organisation: Organisation;
  path: string;
  funding: Funding;
  quotation: Quotation | undefined;
  events: readonly FundingEvent[];
  /** Of people of ours, for those who may know. */
  names: ReadonlyMap<string, string>;
  moment: { nowMs: number; timeZone: string };
  fault?: string | undefined;
  note?: string | undefined;
}

/** Money that an organisation brings: under which reference, how far it is, who says so, and what can be done. */
export function OneFundingPage(props: OneFundingProps) {
  const { visit, organisation, path, funding, fault, note } = props;
  const { say } = visit.words;
  return (
    <Frame visit={visit} title={`${funding.reference}: ${organisation.name}`} note={note}>
      {fault && (
        <p class="note bad" role="alert">
          {fault}
        </p>
      )}
      <div class="columns">
        <div>
          <Facts {...props} />
          <Acts {...props} />
        </div>
        <div>
          <Claim {...props} />
          <Order {...props} />
          <History {...props} />
        </div>
      </div>
      <p>
        <a href={path}>{say('funding.back')}</a>
      </p>
    </Frame>
  );
}

function Facts({ visit, organisation, funding, moment }: OneFundingProps) {
  const { say, money, time } = visit.words;
  const { state, reference, amountMinor, currency } = funding;
  const { toBank, toAvailable, soFar } = stepDays(funding, moment.nowMs, moment.timeZone);
  const steps = [
    ['expected', funding.expectedAtMs, undefined],
    ['banked', funding.bankedAtMs, toBank],
    ['available', funding.availableAtMs, toAvailable],
  ] as const;
  return (
    <section class="card">
      <p class="hint">{organisation.name}</p>
      <h1 class="headline">
        {money({ amountMinor, currency })} <Badge tone={FUNDING_TONES[state]}>{say(`funding-state.${state}`)}</Badge>
      </h1>
      <p>{say(`funding-why.${state}`)}</p>
      <dl class="facts">
        <div>
          <dt>{say('funding.column.reference')}</dt>
          <dd>
            <strong class="token">{reference}</strong>
          </dd>
        </div>
        {steps.map(([step, atMs, days]) => (
          <div key={step}>
            <dt>{say(`funding-state.${step}`)}</dt>
            <dd>
              {atMs === null ? say('funding.not-yet') : time(atMs)}
              {days !== undefined && <small>{say('funding.days', { count: days })}</small>}
            </dd>
          </div>
        ))}
      </dl>
      {soFar !== undefined && <p class="hint">{say('funding.waits', { count: soFar })}</p>}
    </section>
  );
}

/** What one person has said, for another to agree to. */
function Claim({ visit, path, funding, names }: OneFundingProps) {
  const { say, time } = visit.words;
  const { id, claimedStep, claimedBy, claimEvidence, claimedAtMs } = funding;
  if (claimedStep === null || claimedBy === null || claimedAtMs === null) return null;
  const isOwn = claimedBy === visit.signedIn?.member.personId;
  const may = visit.isHouse && visit.may('finance', 'administrator');
  const read = (
    <>
      <input type="hidden" name="step" value={claimedStep} />
      <input type="hidden" name="seen" value={String(claimedAtMs)} />
    </>
  );
  return (
    <section class="card" aria-labelledby="claim">
      <h2 id="claim">{say(`funding.claim-of.${claimedStep}`)}</h2>
      <p>
        {say('funding.said', { who: names.get(claimedBy) ?? say('funding.one-of-us'), time: time(claimedAtMs) })}
        <small>{claimEvidence}</small>
      </p>
      {may && isOwn && <p class="hint">{say('funding.own-claim')}</p>}
      {may && !isOwn && (
        <ActForm visit={visit} action={`${path}/${id}/confirm`}>
          <p class="hint">{say('funding.confirm-what')}</p>
          {read}
          <button type="submit">{say('funding.confirm')}</button>
        </ActForm>
      )}
      {may && (
        <details class="act">
          <summary>{say('funding.decline')}</summary>
          <ActForm visit={visit} action={`${path}/${id}/decline`}>
            {read}
            <ReasonField visit={visit} id="reason-decline" />
            <button type="submit">{say('funding.decline-go')}</button>
          </ActForm>
        </details>
      )}
    </section>
  );
}

const MATCH_TONES: Readonly<Record<OrderMatch, Tone>> = {
  missing: 'wait',
  unquoted: 'quiet',
  agrees: 'good',
  differs: 'bad',
};

/** The organisation's purchase order for our fee, beside what was quoted. */
function Order(props: OneFundingProps) {
  const { visit, path, funding, quotation } = props;
  const { say, money } = visit.words;
  const { id, state, orderNumber, orderMinor, currency } = funding;
  const match = matchOrder(funding, quotation);
  return (
    <section class="card" aria-labelledby="order">
      <h2 id="order">{say('funding.column.order')}</h2>
      <p class="headline">
        {orderNumber !== null && <span>{orderNumber}</span>}
        {orderMinor !== null && <span>{money({ amountMinor: orderMinor, currency })}</span>}
        <Badge tone={MATCH_TONES[match]}>{say(`order-match.${match}`)}</Badge>
      </p>
      {quotation && (
        <p class="hint">
          {say('funding.order-quoted', {
            number: quotation.number,
            amount: { amountMinor: quotation.feeMinor + quotation.taxMinor, currency },
          })}{' '}
          <a href={`${path}/quotations/${quotation.id}/pdf`}>{say('funding.pdf', { number: quotation.number })}</a>
        </p>
      )}
      {state !== 'cancelled' && mayPrepare(props) && (
        <details class="act">
          <summary>{say('funding.order')}</summary>
          <ActForm visit={visit} action={`${path}/${id}/order`}>
            <div class="field">
              <label for="number">{say('funding.order-number')}</label>
              <input id="number" name="number" required maxLength={40} autocomplete="off" value={orderNumber ?? ''} />
            </div>
            <div class="field">
              <label for="amount">{say('funding.amount', { currency })}</label>
              <input
                {...{ id: 'amount', name: 'amount', inputMode: 'decimal', pattern: '\\d{1,13}(\\.\\d{1,2})?' }}
                required
                autocomplete="off"
              />
            </div>
            <button type="submit">{say('funding.order-go')}</button>
          </ActForm>
        </details>
      )}
    </section>
  );
}

function Acts(props: OneFundingProps) {
  const { visit, path, funding } = props;
  const { say } = visit.words;
  const step = nextStep(funding);
  const isOthers = funding.claimedBy !== null && funding.claimedBy !== visit.signedIn?.member.personId;
  const mayClaim = visit.isHouse && visit.may('finance', 'administrator') && step !== undefined && !isOthers;
  const mayCancel = mayPrepare(props) && funding.state === 'expected' && funding.claimedStep === null;
  if (!mayClaim && !mayCancel) return null;
  return (
    <section class="card" aria-label={say('act.title')}>
      <h2>{say('act.title')}</h2>
      {mayClaim && (
        <details class="act" open={funding.claimedStep === null}>
          <summary>{say(`funding.claim.${step}`)}</summary>
          <ActForm visit={visit} action={`${path}/${funding.id}/claim`}>
            <p class="hint">{say('funding.claim-what')}</p>
            <input type="hidden" name="step" value={step} />
            <div class="field">
              <label for="evidence">{say('funding.evidence')}</label>
              <input id="evidence" name="evidence" required minLength={3} maxLength={255} autocomplete="off" />
            </div>
            <button type="submit">{say('funding.claim-go')}</button>
          </ActForm>
        </details>
      )}
      {mayCancel && <Act visit={visit} action={`${path}/${funding.id}/cancel`} name="funding-cancel" />}
    </section>
  );
}

/** What happened to it, the newest first. */
function History({ visit, events }: OneFundingProps) {
  const { say, moment } = visit.words;
  return (
    <section class="card" aria-labelledby="history">
      <h2 id="history">{say('story.title')}</h2>
      <ol class="story">
        {[...events].reverse().map(({ id, atMs, toState, reason }) => (
          <li key={id}>
            <time datetime={new Date(atMs).toISOString()}>{moment(atMs)}</time>
            <p>
              {say(`funding-state.${toState}`)}
              <small>{toState === 'expected' ? '' : reason}</small>
            </p>
          </li>
        ))}
      </ol>
    </section>
  );
}
