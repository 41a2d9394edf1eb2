import type { Organisation } from '../../../domain/organisations/index.ts';
import { type ClaimView, claimStates, type PayoutBatch } from '../../../domain/payout-batches/index.ts';
import { CLAIM, claimPath, claimsPath, DISMISS, mayDo, PURSUE, RETURN, rowPath, shownNumber } from '../batch-access.ts';
import type { Visit } from '../visit.ts';
import { BatchTrail, Fault } from './batch-parts.tsx';
import { ClaimBadge, Timeline } from './claim-parts.tsx';
import { Act, Frame } from './frame.tsx';

interface ClaimPageProps {
  visit: Visit;
  organisation: Organisation;
  batch: PayoutBatch;
  claim: ClaimView;
  names: ReadonlyMap<string, string>;
  fault: string | undefined;
  note: string | undefined;
  /** What was written into the form that was refused. */
  given: Readonly<Record<string, string>>;
}

/** A payout that went wrong: what was asked of the operator, what it said, and whether the money is back. */
export function ClaimPage(props: ClaimPageProps) {
  const { visit, organisation, batch, claim, names, fault, note } = props;
  const { say, money } = visit.words;
  const { row } = claim;
  const events = claim.events.map((event) => ({ ...event, title: say(`claim-state.${event.toState}`) }));
  return (
    <Frame visit={visit} title={`${say('claim.one')}: ${batch.number}/${row.rowNo}`} note={note}>
      <Fault fault={fault} />
      <BatchTrail visit={visit} organisation={organisation} batch={batch} />
      <h1 class="headline">
        {say('claim.one')}: {money(row)} <ClaimBadge visit={visit} state={claim.state} />
      </h1>
      <p>{say(`claim-why.${claim.state}`)}</p>
      <div class="columns">
        <div>
          <Facts visit={visit} batch={batch} claim={claim} />
          <Acts {...props} />
        </div>
        <div>
          <Timeline visit={visit} names={names} events={events} />
        </div>
      </div>
      <p>
        <a href={claimsPath(organisation)}>{say('claim.all')}</a>
      </p>
    </Frame>
  );
}

function Facts({ visit, batch, claim }: Pick<ClaimPageProps, 'visit' | 'batch' | 'claim'>) {
  const { say, time } = visit.words;
  const { row, caseNumber, returnReceipt, reason } = claim;
  const facts: [string, string | null][] = [
    ['who', shownNumber(visit, row.msisdn)],
    ['name', row.name],
    ['paid', row.paidAtMs === null ? null : time(row.paidAtMs)],
    ['receipt', row.receipt],
    ['answer', row.answer === null ? null : say(`answer.${row.answer}`)],
    ['reason', visit.words.why(reason)],
    ['case', caseNumber],
    ['return', returnReceipt],
  ];
  return (
    <section class="card" aria-labelledby="facts">
      <h2 id="facts">{say('payment.facts')}</h2>
      <dl class="facts">
        {facts
          .filter(([, value]) => value !== null && value !== '')
          .map(([name, value]) => (
            <div key={name}>
              <dt>{say(`claim.column.${name}`)}</dt>
              <dd>{value}</dd>
            </div>
          ))}
      </dl>
      <p>
        <a class="button second small" href={rowPath(batch, row.rowNo)}>
          {say('claim.to-row')}
        </a>
      </p>
    </section>
  );
}

/** What the reader may do as it stands; nothing for who only reads, and when the money is back. */
function Acts({ visit, claim, given }: ClaimPageProps) {
  const { say } = visit.words;
  const path = claimPath(claim);
  const can = (to: Parameters<typeof claimStates.allows>[1]) => claimStates.allows(claim.state, to);
  const field = (id: string, maxLength: number) => (
    <div class="field">
      <label for={id}>{say(`claim.field.${id}`)}</label>
      <input {...{ id, name: id, value: given[id] ?? '', required: true, maxLength, autocomplete: 'off' }} />
    </div>
  );
  const acts = [
    can('opened') && mayDo(visit, CLAIM) && <Act visit={visit} action={`${path}/open`} name="claim-open" />,
    can('asked') && mayDo(visit, PURSUE) && (
      <Act visit={visit} action={`${path}/ask`} name="claim-ask">
        {field('case-number', 40)}
      </Act>
    ),
    can('granted') && mayDo(visit, PURSUE) && <Act visit={visit} action={`${path}/grant`} name="claim-grant" />,
    can('refused') && mayDo(visit, PURSUE) && <Act visit={visit} action={`${path}/refuse`} name="claim-refuse" />,
    can('returned') && mayDo(visit, RETURN) && (
      <Act visit={visit} action={`${path}/return`} name="claim-return">
        {field('receipt', 64)}
      </Act>
    ),
    can('dismissed') && mayDo(visit, DISMISS) && <Act visit={visit} action={`${path}/dismiss`} name="claim-dismiss" />,
  ].filter(Boolean);
  if (acts.length === 0) return null;
  return (
    <section class="card" aria-label={say('act.title')}>
      <h2>{say('act.title')}</h2>
      {acts}
    </section>
  );
}
