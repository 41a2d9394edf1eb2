import type { Organisation } from '../../../domain/organisations/index.ts';
import { PAYOUT_PURPOSES } from '../../../domain/payout-lists/index.ts';
import type { Permission } from '../console-route.ts';
import { mayOpen } from '../console-route.ts';
import type { Form } from '../organisation-form.ts';
import type { Visit } from '../visit.ts';
import { Badge } from './frame.tsx';

/*
 * What the pages of organisations share.
 */

export const ORGANISATION_TONES = { applying: 'wait', active: 'good', suspended: 'quiet' } as const;
export const APPLICATION_TONES = {
  'documents-missing': 'wait',
  submitted: 'wait',
  approved: 'good',
  declined: 'bad',
} as const;

const everyone = {
  allow: ['support', 'finance', 'administrator', 'auditor'],
  allowOrganisation: ['administrator', 'initiator', 'approver', 'auditor'],
} as const satisfies Permission;
const managers = {
  allow: ['administrator', 'auditor'],
  allowOrganisation: ['administrator', 'auditor'],
} as const satisfies Permission;

/** The pages of one organisation, for whoever may open them. */
const TABS: readonly (Permission & { id: string; path: string })[] = [
  { id: 'overview', path: '', ...everyone },
  { id: 'funding', path: '/funding', ...everyone, allow: ['finance', 'administrator', 'auditor'] },
  { id: 'batches', path: '/batches', ...everyone },
  { id: 'people', path: '/people', ...managers },
  { id: 'settings', path: '/settings', ...everyone, allowOrganisation: managers.allowOrganisation },
];

export function OrganisationHead({ visit, organisation }: { visit: Visit; organisation: Organisation }) {
  const { say } = visit.words;
  const { id, name, registrationNumber, state, haltReason } = organisation;
  const base = `/console/organisations/${id}`;
  const open = TABS.filter((tab) => !mayOpen(tab, visit.signedIn, { organisation: id }));
  return (
    <>
      <h1>{name}</h1>
      <p>
        {registrationNumber} <Badge tone={ORGANISATION_TONES[state]}>{say(`organisation-state.${state}`)}</Badge>{' '}
        {haltReason && <Badge tone="bad">{say('organisation.halted')}</Badge>}
      </p>
      <nav aria-label={say('organisation.pages')}>
        <ul class="places tabs">
          {open.map((tab) => (
            <li key={tab.id}>
              <a
                href={`${base}${tab.path}`}
                {...(visit.ctx.path === `${base}${tab.path}` ? { 'aria-current': 'page' as const } : {})}
              >
                {say(`organisation.tab.${tab.id}`)}
              </a>
            </li>
          ))}
        </ul>
      </nav>
    </>
  );
}

export function Fault({ fault }: { fault: string | undefined }) {
  if (fault === undefined) return null;
  return (
    <p class="note bad" role="alert">
      {fault}
    </p>
  );
}

interface TextFieldProps {
  visit: Visit;
  name: string;
  values: Form;
  mode?: 'decimal' | 'numeric' | 'tel' | 'email';
  maxLength?: number;
}

/** A field that must be filled in; its label is the text `organisation.field.<name>`. */
export function TextField({ visit, name, values, mode, maxLength = 190 }: TextFieldProps) {
  return (
    <div class="field">
      <label for={name}>{visit.words.say(`organisation.field.${name}`)}</label>
      <input
        {...{ id: name, name, value: values[name] ?? '', required: true, maxLength, autocomplete: 'off' }}
        {...(mode ? { inputmode: mode } : {})}
      />
    </div>
  );
}

export function ContactFields({ visit, values }: { visit: Visit; values: Form }) {
  const { languages, language, say } = visit.words;
  return (
    <>
      <TextField visit={visit} name="contact-name" values={values} maxLength={120} />
      <TextField visit={visit} name="contact-email" values={values} mode="email" />
      <TextField visit={visit} name="contact-phone" values={values} mode="tel" maxLength={24} />
      <div class="field">
        <label for="language">{say('organisation.field.language')}</label>
        <select id="language" name="language">
          {languages.map(({ id, name }) => (
            <option key={id} value={id} selected={id === (values.language ?? language)}>
              {name}
            </option>
          ))}
        </select>
      </div>
    </>
  );
}

export function LimitFields({ visit, values }: { visit: Visit; values: Form }) {
  const { say } = visit.words;
  const field = (name: string, mode: 'decimal' | 'numeric') => (
    <TextField visit={visit} name={name} values={values} mode={mode} maxLength={24} />
  );
  return (
    <>
      {field('least', 'decimal')}
      {field('most', 'decimal')}
      {field('most-batch', 'decimal')}
      {field('most-day', 'decimal')}
      {field('most-rows', 'numeric')}
      <fieldset>
        <legend>{say('organisation.field.purposes')}</legend>
        {PAYOUT_PURPOSES.map((purpose) => (
          <label key={purpose} class="check" for={`purpose-${purpose}`}>
            <input
              {...{ id: `purpose-${purpose}`, type: 'checkbox', name: `purpose-${purpose}`, value: 'yes' }}
              checked={values[`purpose-${purpose}`] === 'yes'}
            />
            {say(`purpose.${purpose}`)}
          </label>
        ))}
      </fieldset>
    </>
  );
}
