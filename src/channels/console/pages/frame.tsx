import type { ComponentChildren } from 'preact';
import type { StaffRole } from '../../../domain/staff/index.ts';
import { Page } from '../../../platform/pages/index.ts';
import type { Visit } from '../visit.ts';

/** What stands in the navigation, for whoever may open it. */
const PLACES: readonly { id: string; path: string; roles: readonly StaffRole[] }[] = [
  { id: 'payments', path: '/console/payments', roles: ['support', 'finance', 'administrator', 'auditor'] },
  { id: 'dashboard', path: '/console/dashboard', roles: ['support', 'finance', 'administrator', 'auditor'] },
  { id: 'queues', path: '/console/queues', roles: ['support', 'finance', 'administrator', 'auditor'] },
  {
    id: 'approvals',
    path: '/console/approvals',
    roles: ['support', 'finance', 'approver', 'administrator', 'auditor'],
  },
  { id: 'staff', path: '/console/staff', roles: ['administrator', 'auditor'] },
  { id: 'audit', path: '/console/audit', roles: ['administrator', 'auditor'] },
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
            <SearchBox visit={visit} query={query} />
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
  const current = (path: string) => (visit.ctx.path.startsWith(path) ? { 'aria-current': 'page' as const } : {});
  return (
    <nav aria-label={say('places')}>
      <ul class="places">
        {PLACES.filter(({ roles }) => visit.may(...roles)).map(({ id, path }) => (
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

/** Why somebody acts; every act asks for it. `id` is unique on the page. */
export function ReasonField({ visit, id }: { visit: Visit; id: string }) {
  return (
    <div class="field">
      <label for={id}>{visit.words.say('act.reason')}</label>
      <input id={id} name="reason" required minLength={3} maxLength={500} autocomplete="off" />
    </div>
  );
}

/** An act behind a click: what it does, why, and the button. `id` where the page has several of the same name. */
export function Act({ visit, action, name, id = name, children }: ActFormProps & { name: string; id?: string }) {
  return (
    <details class="act">
      <summary>{visit.words.say(`act.${name}.title`)}</summary>
      <ActForm visit={visit} action={action}>
        <p class="hint">{visit.words.say(`act.${name}.what`)}</p>
        {children}
        <ReasonField visit={visit} id={`reason-${id}`} />
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
