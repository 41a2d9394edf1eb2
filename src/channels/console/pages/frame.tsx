import type { ComponentChildren } from 'preact';
import { Page } from '../../../platform/pages/index.ts';
import { mayOpen, type Permission } from '../console-route.ts';
import type { Visit } from '../visit.ts';

/** Stands for the page of the organisation that the reader is of. */
const OWN_ORGANISATION = '/console/organisations/:own';

/** What stands in the navigation, for whoever may open it. */
const PLACES: readonly (Permission & { id: string; path: string })[] = [
  { id: 'payments', path: '/console/payments', allow: ['support', 'finance', 'administrator', 'auditor'] },
  { id: 'dashboard', path: '/console/dashboard', allow: ['support', 'finance', 'administrator', 'auditor'] },
  { id: 'queues', path: '/console/queues', allow: ['support', 'finance', 'administrator', 'auditor'] },
  {
    ...{ id: 'organisations', path: '/console/organisations' },
    allow: ['support', 'finance', 'administrator', 'auditor'],
  },
  {
    ...{ id: 'organisation', path: OWN_ORGANISATION },
    allow: [],
    allowOrganisation: ['initiator', 'approver', 'administrator', 'auditor'],
  },
  {
    ...{ id: 'approvals', path: '/console/approvals' },
    allow: ['support', 'finance', 'approver', 'administrator', 'auditor'],
    allowOrganisation: ['initiator', 'approver', 'administrator', 'auditor'],
  },
  {
    // Of the reader's own organisation; ours come by the page of each.
    ...{ id: 'batches', path: '/console/organisations/:own/batches' },
    ...{ allow: [], allowOrganisation: 'member' },
  },
  { id: 'settlements', path: '/console/settlements', allow: ['support', 'finance', 'administrator', 'auditor'] },
  { id: 'webhooks', path: '/console/webhooks', allow: ['support', 'finance', 'administrator', 'auditor'] },
  { id: 'staff', path: '/console/staff', allow: ['administrator', 'auditor'] },
  {
    ...{ id: 'audit', path: '/console/audit' },
    allow: ['administrator', 'auditor'],
    allowOrganisation: ['administrator', 'auditor'],
  },
];

interface FrameProps {
  visit: Visit;
  title: string;
  /** Of the search box. */
  query?: string | undefined;
  scripts?: readonly string[];
  refreshAfterS?: number | undefined;
  /** What an act just did. */
  note?: string | undefined;
  children: ComponentChildren;
}

/** What every page has around it: for who is signed in the search box and the places he may open, else the name alone. */
export function Frame({ visit, title, query, scripts = [], refreshAfterS, note, children }: FrameProps) {
  const { words, assets, signedIn } = visit;
  const { say } = words;
  return (
    <Page
      language={words.language}
      title={`${title} - Malipo`}
      styles={assets.styles}
      icon={assets.icon}
      scripts={[...assets.scripts, ...scripts]}
      {...(refreshAfterS === undefined ? {} : { refreshAfterS })}
    >
      <a class="skip" href="#main">
        {say('skip')}
      </a>
      <header class="bar">
        <a class="brand" href="/console">
          Malipo
        </a>
        {signedIn?.session.stage === 'full' && (
          <>
            {visit.isHouse && <SearchBox visit={visit} query={query} />}
            <Places visit={visit} name={signedIn.member.name} />
          </>
        )}
      </header>
      <main class="desk" id="main">
        {note && (
          <p class="note good" role="status">
            {note}
          </p>
        )}
        {children}
      </main>
    </Page>
  );
}

function Places({ visit, name }: { visit: Visit; name: string }) {
  const { say } = visit.words;
  const places = PLACES.filter((place) => !mayOpen(place, visit.signedIn)).map(({ id, path }) => ({
    id,
    path: path.replace(':own', visit.scope),
  }));
  // A place can lie within another one: the nearest is where the reader is.
  const within = [...places.map(({ path }) => path), '/console/me'].filter((path) => visit.ctx.path.startsWith(path));
  const nearest = within.sort((one, other) => other.length - one.length)[0];
  const current = (path: string) => (path === nearest ? { 'aria-current': 'page' as const } : {});
  return (
    <nav aria-label={say('places')}>
      <ul class="places">
        {places.map(({ id, path }) => (
          <li key={id}>
            <a href={path} {...current(path)}>
              {say(`place.${id}`)}
            </a>
          </li>
        ))}
        <li>
          <a href="/console/me" {...current('/console/me')}>
            {name}
          </a>
        </li>
      </ul>
    </nav>
  );
}

function SearchBox({ visit, query = '' }: { visit: Visit; query?: string | undefined }) {
  const { say } = visit.words;
  return (
    <search class="search">
      <form method="get" action="/console/search">
        <label class="away" for="q">
          {say('search.label')}
        </label>
        <input
          id="q"
          name="q"
          type="search"
          value={query}
          placeholder={say('search.hint')}
          maxLength={1000}
          autocomplete="off"
        />
        <button type="submit">{say('search.go')}</button>
      </form>
    </search>
  );
}

interface ActFormProps {
  visit: Visit;
  action: string;
  class?: string;
  children?: ComponentChildren;
}

/** A form that acts: with the token that proves where it comes from. */
export function ActForm({ visit, action, class: name, children }: ActFormProps) {
  return (
    <form method="post" action={action} class={name}>
      <input type="hidden" name="csrf" value={visit.csrf} />
      {children}
    </form>
  );
}

/** Why somebody acts; every act asks for it. `id` is unique on the page, `value` what he wrote already. */
export function ReasonField({ visit, id, value }: { visit: Visit; id: string; value?: string | undefined }) {
  return (
    <div class="field">
      <label for={id}>{visit.words.say('act.reason')}</label>
      <input id={id} name="reason" value={value} required minLength={3} maxLength={500} autocomplete="off" />
    </div>
  );
}

interface ActProps extends ActFormProps {
  name: string;
  /** Where the page has several of the same name. */
  id?: string;
  /** What he wrote when it was refused: then the form is open. */
  reason?: string | undefined;
}

/** An act behind a click: what it does, why, and the button. */
export function Act({ visit, action, name, id = name, reason, children }: ActProps) {
  return (
    <details class="act" open={reason !== undefined}>
      <summary>{visit.words.say(`act.${name}.title`)}</summary>
      <ActForm visit={visit} action={action}>
        <p class="hint">{visit.words.say(`act.${name}.what`)}</p>
        {children}
        <ReasonField visit={visit} id={`reason-${id}`} value={reason} />
        <button type="submit">{visit.words.say(`act.${name}.go`)}</button>
      </ActForm>
    </details>
  );
}

/** A state in its colour. The word says it; the colour only helps. */
export function Badge({ tone, children }: { tone: 'good' | 'bad' | 'wait' | 'quiet'; children: ComponentChildren }) {
  return <span class={`badge ${tone}`}>{children}</span>;
}

export function Empty({ children }: { children: ComponentChildren }) {
  return <p class="empty">{children}</p>;
}

/** Leads to the page that hands a list out as a file. */
export function ExportLink({ visit, list, query = '' }: { visit: Visit; list: string; query?: string }) {
  return (
    <p>
      <a class="button second small" href={`/console/exports/${list}${query && `?${query}`}`}>
        {visit.words.say('export.link')}
      </a>
    </p>
  );
}
