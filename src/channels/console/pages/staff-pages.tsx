import type { Organisation } from '../../../domain/organisations/index.ts';
import {
  ORGANISATION_ROLES,
  rolesOf,
  STAFF_ROLES,
  type StaffMember,
  type StaffRole,
  type StaffSession,
} from '../../../domain/staff/index.ts';
import type { Visit } from '../visit.ts';
import { Act, ActForm, Badge, ExportLink, Frame } from './frame.tsx';
import { OrganisationHead } from './organisation-parts.tsx';

interface StaffPageProps {
  visit: Visit;
  /** Whose people they are; undefined: ours. */
  organisation: Organisation | undefined;
  /** Of this page. */
  path: string;
  members: readonly StaffMember[];
  note?: string | undefined;
  fault?: string | undefined;
  /** The link of an invitation that was just made; it is shown once. */
  link?: { name: string; address: string };
  values?: Readonly<Record<string, string>>;
}

export function StaffPage({ visit, organisation, path, members, note, fault, link, values = {} }: StaffPageProps) {
  const { say } = visit.words;
  const title = organisation?.name ?? say('place.staff');
  const roles = organisation ? ORGANISATION_ROLES : STAFF_ROLES;
  return (
    <Frame visit={visit} title={title} note={note}>
      {organisation ? (
        <OrganisationHead visit={visit} organisation={organisation} />
      ) : (
        <>
          <h1>{title}</h1>
          <ExportLink visit={visit} list="staff" />
        </>
      )}
      {fault && (
        <p class="note bad" role="alert">
          {fault}
        </p>
      )}
      {link && (
        <div class="note good" role="status">
          <p>{say('staff.link', { name: link.name })}</p>
          <p>
            <code>{link.address}</code>
          </p>
        </div>
      )}
      {members.map((member) => (
        <MemberCard key={member.id} visit={visit} member={member} path={`${path}/${member.id}`} roles={roles} />
      ))}
      {visit.may('administrator') && <InviteForm visit={visit} values={values} path={path} roles={roles} />}
    </Frame>
  );
}

const TONES = { active: 'good', invited: 'wait', disabled: 'quiet' } as const;

interface RolesProps {
  visit: Visit;
  /** Where its forms go. */
  path: string;
  /** That can be given. */
  roles: readonly StaffRole[];
}

function MemberCard({ visit, member, path, roles }: RolesProps & { member: StaffMember }) {
  const { say, time } = visit.words;
  const isOther = visit.signedIn?.member.id !== member.id;
  return (
    <section class="card" aria-label={member.name}>
      <h2>
        {member.name} <Badge tone={TONES[member.state]}>{say(`staff.${member.state}`)}</Badge>
      </h2>
      <p>
        {member.email}
        <small>
          {rolesOf(member)
            .map((role) => say(`role.${role}`))
            .join(', ')}
        </small>
        {member.lockedUntilMs !== null && <small>{say('staff.locked', { time: time(member.lockedUntilMs) })}</small>}
      </p>
      {visit.may('administrator') && isOther && (
        <div class="acts">
          <Act visit={visit} action={`${path}/roles`} name="roles" id={`roles-${member.id}`}>
            <RoleBoxes visit={visit} roles={roles} checked={rolesOf(member)} id={member.id} />
          </Act>
          <Act visit={visit} action={`${path}/invite`} name="invite-again" id={`invite-${member.id}`} />
          {member.lockedUntilMs !== null && (
            <Act visit={visit} action={`${path}/unlock`} name="staff-unlock" id={`unlock-${member.id}`} />
          )}
          {member.state === 'disabled' ? (
            <Act visit={visit} action={`${path}/enable`} name="enable" id={`enable-${member.id}`} />
          ) : (
            <Act visit={visit} action={`${path}/disable`} name="disable" id={`disable-${member.id}`} />
          )}
        </div>
      )}
    </section>
  );
}

interface RoleBoxesProps extends Omit<RolesProps, 'path'> {
  checked: readonly string[];
  id: string;
}

function RoleBoxes({ visit, roles, checked, id }: RoleBoxesProps) {
  const { say } = visit.words;
  return (
    <fieldset>
      <legend>{say('staff.roles')}</legend>
      {roles.map((role) => (
        <label key={role} class="check" for={`${id}-${role}`}>
          <input
            {...{ id: `${id}-${role}`, type: 'checkbox', name: `role-${role}`, value: 'yes' }}
            checked={checked.includes(role)}
          />
          {say(`role.${role}`)}
          <small>{say(`role-what.${role}`)}</small>
        </label>
      ))}
    </fieldset>
  );
}

function InviteForm({ visit, values, path, roles }: RolesProps & { values: Readonly<Record<string, string>> }) {
  const { say, languages, language } = visit.words;
  const field = (name: string) => (
    <div class="field">
      <label for={name}>{say(`staff.${name}`)}</label>
      <input
        {...{ id: name, name, value: values[name] ?? '', required: true, maxLength: 190, autocomplete: 'off' }}
        {...(name === 'phone' ? { inputmode: 'tel' } : {})}
      />
    </div>
  );
  const checked = roles.filter((role) => values[`role-${role}`] === 'yes');
  return (
    <section class="card" aria-labelledby="invite">
      <h2 id="invite">{say('staff.invite')}</h2>
      <ActForm visit={visit} action={path}>
        {field('name')}
        {field('email')}
        {field('phone')}
        <div class="field">
          <label for="language">{say('staff.language')}</label>
          <select id="language" name="language">
            {languages.map(({ id, name }) => (
              <option key={id} value={id} selected={id === (values.language ?? language)}>
                {name}
              </option>
            ))}
          </select>
        </div>
        <RoleBoxes visit={visit} roles={roles} checked={checked} id="new" />
        <button type="submit">{say('staff.invite-go')}</button>
      </ActForm>
    </section>
  );
}

interface MePageProps {
  visit: Visit;
  member: StaffMember;
  sessions: readonly StaffSession[];
  currentId: string;
  note?: string | undefined;
}

export function MePage({ visit, member, sessions, currentId, note }: MePageProps) {
  const { say, time } = visit.words;
  return (
    <Frame visit={visit} title={member.name} note={note}>
      <h1>{member.name}</h1>
      <section class="card">
        <p>
          {member.email}
          <small>
            {rolesOf(member)
              .map((role) => say(`role.${role}`))
              .join(', ')}
          </small>
        </p>
        <ActForm visit={visit} action="/console/me/language" class="pair">
          {visit.words.languages.map(({ id, name }) => (
            <button
              key={id}
              {...{ type: 'submit', name: 'language', value: id, lang: id, class: 'second' }}
              aria-pressed={id === member.language}
            >
              {name}
            </button>
          ))}
        </ActForm>
        <ActForm visit={visit} action="/console/logout">
          <button type="submit">{say('me.logout')}</button>
        </ActForm>
      </section>
      <section class="card">
        <h2>{say('me.sessions')}</h2>
        {sessions.map(({ id, address, agent, createdAtMs, lastSeenAtMs }) => (
          <div key={id} class="line">
            <p>
              {address} {id === currentId && <Badge tone="good">{say('me.this')}</Badge>}
              <small>{say('me.seen', { since: time(createdAtMs), last: time(lastSeenAtMs) })}</small>
              <small>{agent}</small>
            </p>
            {id !== currentId && (
              <ActForm visit={visit} action="/console/me/end">
                <input type="hidden" name="session" value={id} />
                <button type="submit" class="second small">
                  {say('me.end')}
                </button>
              </ActForm>
            )}
          </div>
        ))}
      </section>
    </Frame>
  );
}
