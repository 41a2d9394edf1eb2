import { isOverdue, type ListedOrganisation } from '../../../domain/organisations/index.ts';
import type { Form } from '../organisation-form.ts';
import type { Visit } from '../visit.ts';
import { ActForm, Badge, Empty, Frame } from './frame.tsx';
import {
  APPLICATION_TONES,
  ContactFields,
  Fault,
  LimitFields,
  ORGANISATION_TONES,
  TextField,
} from './organisation-parts.tsx';

interface OrganisationsPageProps {
  visit: Visit;
  organisations: readonly ListedOrganisation[];
  next: string | undefined;
  operators: readonly { id: string; name: string }[];
  now: number;
  values: Form;
  fault?: string | undefined;
}

/** Everyone who pays people through us, the last registered first. */
export function OrganisationsPage(props: OrganisationsPageProps) {
  const { visit, organisations, next, fault } = props;
  const { say } = visit.words;
  return (
    <Frame visit={visit} title={say('place.organisations')}>
      <h1>{say('place.organisations')}</h1>
      <p class="hint">{say('organisation.what')}</p>
      <Fault fault={fault} />
      {organisations.length === 0 ? (
        <Empty>{say('organisation.none')}</Empty>
      ) : (
        <section class="card" aria-label={say('place.organisations')}>
          {organisations.map((one) => (
            <OrganisationLine key={one.id} visit={visit} organisation={one} now={props.now} />
          ))}
        </section>
      )}
      {next && (
        <p>
          <a class="button small" href={`/console/organisations?before=${next}`}>
            {say('organisation.older')}
          </a>
        </p>
      )}
      {visit.may('administrator') && <RegisterForm {...props} />}
    </Frame>
  );
}

function OrganisationLine(props: { visit: Visit; organisation: ListedOrganisation; now: number }) {
  const { visit, organisation, now } = props;
  const { say } = visit.words;
  const { id, name, registrationNumber, state, haltReason, application } = organisation;
  return (
    <div class="line">
      <p>
        <a href={`/console/organisations/${id}`}>{name}</a>{' '}
        <Badge tone={ORGANISATION_TONES[state]}>{say(`organisation-state.${state}`)}</Badge>{' '}
        {haltReason && <Badge tone="bad">{say('organisation.halted')}</Badge>}{' '}
        {application && application.state !== 'approved' && (
          <Badge tone={APPLICATION_TONES[application.state]}>{say(`application-state.${application.state}`)}</Badge>
        )}{' '}
        {application && isOverdue(application, now) && <Badge tone="bad">{say('application.overdue')}</Badge>}
        <small>{registrationNumber}</small>
      </p>
    </div>
  );
}

function RegisterForm({ visit, values, operators }: OrganisationsPageProps) {
  const { say } = visit.words;
  return (
    <section class="card" aria-labelledby="register">
      <h2 id="register">{say('organisation.register')}</h2>
      <ActForm visit={visit} action="/console/organisations">
        <TextField visit={visit} name="name" values={values} maxLength={120} />
        <TextField visit={visit} name="registration-number" values={values} maxLength={40} />
        <ContactFields visit={visit} values={values} />
        <div class="field">
          <label for="operator">{say('organisation.field.operator')}</label>
          <select id="operator" name="operator">
            {operators.map(({ id, name }) => (
              <option key={id} value={id} selected={id === values.operator}>
                {name}
              </option>
            ))}
          </select>
        </div>
        <LimitFields visit={visit} values={values} />
        <button type="submit">{say('organisation.register-go')}</button>
      </ActForm>
    </section>
  );
}
