import {
  type ApplicationState,
  applicationStates,
  type HistoryEntry,
  isOverdue,
  missingDocuments,
  NEEDED_ROLES,
  type NeededRole,
  type Organisation,
  type OrganisationDocument,
  type PaybillApplication,
} from '../../../domain/organisations/index.ts';
import { rolesOf, type StaffMember } from '../../../domain/staff/index.ts';
import type { Visit } from '../visit.ts';
import { Act, Badge, Empty, Frame } from './frame.tsx';
import { DocumentsCard } from './organisation-documents.tsx';
import { APPLICATION_TONES, Fault, OrganisationHead } from './organisation-parts.tsx';

export interface OrganisationPageProps {
  visit: Visit;
  organisation: Organisation;
  application: PaybillApplication | undefined;
  documents: readonly OrganisationDocument[];
  /** Roles without a person of their own. */
  missing: readonly NeededRole[];
  members: readonly StaffMember[];
  history: readonly HistoryEntry[];
  /** Of logins, by id. */
  names: ReadonlyMap<string, string>;
  operators: readonly { id: string; name: string }[];
  now: number;
  note?: string | undefined;
  fault?: string | undefined;
}

/** How far an organisation is, what keeps it from paying, and what can be done about that. */
export function OrganisationPage(props: OrganisationPageProps) {
  const { visit, organisation, note, fault } = props;
  return (
    <Frame visit={visit} title={organisation.name} note={note}>
      <OrganisationHead visit={visit} organisation={organisation} />
      <Fault fault={fault} />
      <MayPay {...props} />
      <PeopleCard {...props} />
      <ApplicationCard {...props} />
      <DocumentsCard {...props} />
      <History {...props} />
    </Frame>
  );
}

/** Whether it pays, why not, and who can change that. */
function MayPay({ visit, organisation, missing, operators }: OrganisationPageProps) {
  const { say, time } = visit.words;
  const { id, state, haltReason, haltDetail, haltedAtMs, shortCode, operator } = organisation;
  const path = `/console/organisations/${id}`;
  const isReady = state === 'active' && missing.length === 0 && haltReason === null;
  const mayStop = visit.isHouse ? visit.may('finance', 'administrator') : visit.may('administrator', 'approver');
  return (
    <section class="card" aria-labelledby="may-pay">
      <h2 id="may-pay">{say('organisation.may-pay')}</h2>
      <p>
        {say(isReady ? 'organisation.ready' : 'organisation.not-ready')}
        <small>
          {operators.find((one) => one.id === operator)?.name ?? operator}{' '}
          {shortCode === null ? say('organisation.shared-paybill') : say('organisation.own-paybill', { shortCode })}
        </small>
      </p>
      {state !== 'active' && <p class="hint">{say(`organisation-why.${state}`)}</p>}
      {haltReason !== null && (
        <p class="note bad">
          {say(`halt.${haltReason}`)} {haltDetail}
          {haltedAtMs !== null && <small> {time(haltedAtMs)}</small>}
        </p>
      )}
      <div class="acts">
        {visit.isHouse && visit.may('administrator') && state !== 'active' && (
          <Act visit={visit} action={`${path}/activate`} name="activate" />
        )}
        {visit.isHouse && visit.may('administrator') && state === 'active' && (
          <Act visit={visit} action={`${path}/suspend`} name="suspend" />
        )}
        {mayStop && haltReason === null && <Act visit={visit} action={`${path}/stop`} name="stop-payouts" />}
        {visit.isHouse && visit.may('finance', 'administrator') && haltReason !== null && (
          <Act visit={visit} action={`${path}/resume`} name="resume-payouts" />
        )}
      </div>
    </section>
  );
}

function PeopleCard({ visit, organisation, missing, members }: OrganisationPageProps) {
  const { say } = visit.words;
  const active = members.filter(({ state }) => state === 'active');
  return (
    <section class="card" aria-labelledby="people">
      <h2 id="people">{say('organisation.people')}</h2>
      <p class="hint">{say('organisation.people-what')}</p>
      <ul class="next">
        {NEEDED_ROLES.map((role) => (
          <li key={role}>
            {say(`role.${role}`)}{' '}
            <Badge tone={missing.includes(role) ? 'bad' : 'good'}>
              {say(missing.includes(role) ? 'organisation.role-missing' : 'organisation.role-filled')}
            </Badge>
            {active
              .filter((member) => rolesOf(member).includes(role))
              .map(({ id, name }) => (
                <small key={id}>{name}</small>
              ))}
          </li>
        ))}
      </ul>
      {visit.may('administrator', 'auditor') && (
        <p>
          <a class="button second small" href={`/console/organisations/${organisation.id}/people`}>
            {say('organisation.people-link')}
          </a>
        </p>
      )}
    </section>
  );
}

function ApplicationCard({ visit, organisation, application, documents, now }: OrganisationPageProps) {
  const { say, time } = visit.words;
  const path = `/console/organisations/${organisation.id}/application`;
  const mayAct = visit.isHouse && visit.may('finance', 'administrator');
  const lacking = missingDocuments(documents);
  return (
    <section class="card" aria-labelledby="application">
      <h2 id="application">
        {say('application.title')}{' '}
        {application && (
          <Badge tone={APPLICATION_TONES[application.state]}>{say(`application-state.${application.state}`)}</Badge>
        )}
      </h2>
      {application ? (
        <>
          <p>
            {say(`application.by-${application.appliedBy}`)}
            <small>{say('application.opened', { time: time(application.openedAtMs) })}</small>
            {application.submittedAtMs !== null && (
              <small>{say('application.submitted', { time: time(application.submittedAtMs) })}</small>
            )}
            {application.decidedAtMs !== null && (
              <small>{say('application.decided', { time: time(application.decidedAtMs) })}</small>
            )}
            {application.dueAtMs !== null && (
              <small>{say('application.due', { time: time(application.dueAtMs - 1) })}</small>
            )}
          </p>
          {isOverdue(application, now) && <p class="note bad">{say('application.overdue')}</p>}
          <p>{application.note}</p>
          {lacking.length > 0 && application.state === 'documents-missing' && (
            <p class="hint">
              {say('application.lacking', { kinds: lacking.map((kind) => say(`document-kind.${kind}`)).join(', ') })}
            </p>
          )}
        </>
      ) : (
        <p class="hint">{say('application.none')}</p>
      )}
      {mayAct && (
        <div class="acts">
          {application ? (
            application.state !== 'approved' && (
              <Act visit={visit} action={`${path}/move`} name="application-move">
                <StepChoice visit={visit} state={application.state} />
                <DueField visit={visit} />
              </Act>
            )
          ) : (
            <Act visit={visit} action={path} name="application-open">
              <div class="field">
                <label for="applied-by">{say('application.who')}</label>
                <select id="applied-by" name="applied-by">
                  <option value="house">{say('application.by-house')}</option>
                  <option value="organisation">{say('application.by-organisation')}</option>
                </select>
              </div>
              <DueField visit={visit} />
            </Act>
          )}
        </div>
      )}
    </section>
  );
}

function StepChoice({ visit, state }: { visit: Visit; state: ApplicationState }) {
  const { say } = visit.words;
  return (
    <div class="field">
      <label for="to">{say('application.step')}</label>
      <select id="to" name="to">
        {[...applicationStates.next[state], state].map((to) => (
          <option key={to} value={to}>
            {say(`application-state.${to}`)}
          </option>
        ))}
      </select>
    </div>
  );
}

function DueField({ visit }: { visit: Visit }) {
  return (
    <div class="field">
      <label for="due">{visit.words.say('application.due-by')}</label>
      <input id="due" name="due" type="date" />
    </div>
  );
}

function History({ visit, history, names }: OrganisationPageProps) {
  const { say, time } = visit.words;
  const whoIs = (actor: string) => {
    const [kind, id = ''] = actor.split(':');
    if (kind !== 'staff') return kind;
    return names.get(id) ?? say('audit.ours');
  };
  return (
    <section class="card" aria-labelledby="history">
      <h2 id="history">{say('organisation.history')}</h2>
      {history.length === 0 && <Empty>{say('organisation.no-history')}</Empty>}
      {history.map(({ id, of, fromState, toState, actor, reason, atMs }) => (
        <div key={id} class="line">
          <p>
            {say(`organisation.history-${of}`)}{' '}
            {fromState === toState
              ? reason
              : say(of === 'organisation' ? `organisation-state.${toState}` : `application-state.${toState}`)}
            <small>
              {time(atMs)} {whoIs(actor)}
            </small>
            {fromState !== toState && <small>{reason}</small>}
          </p>
        </div>
      ))}
    </section>
  );
}
