import type { StaffMember } from '../../../domain/staff/index.ts';
import type { DemoLogin } from '../console-deps.ts';
import type { Visit } from '../visit.ts';
import { ActForm, Frame } from './frame.tsx';

interface Fault {
  /** What is wrong with what was sent, in the reader's words. */
  fault?: string | undefined;
}

function Wrong({ fault }: Fault) {
  return fault ? (
    <p class="note bad" role="alert">
      {fault}
    </p>
  ) : null;
}

export interface LogInPageProps extends Fault {
  visit: Visit;
  /** Where the login leads. */
  to: string;
  email?: string;
  demo: readonly (Omit<DemoLogin, 'code'> & { code: string })[];
}

export function LogInPage({ visit, to, email = '', fault, demo }: LogInPageProps) {
  const { say } = visit.words;
  return (
    <Frame visit={visit} title={say('login.title')}>
      <div class="card narrow">
        <h1>{say('login.title')}</h1>
        <Wrong fault={fault} />
        <form method="post" action="/console/login">
          <input type="hidden" name="to" value={to} />
          <div class="field">
            <label for="email">{say('login.email')}</label>
            <input
              id="email"
              name="email"
              type="email"
              value={email}
              required
              autocomplete="username"
              maxLength={190}
            />
          </div>
          <PasswordField label={say('login.password')} autocomplete="current-password" />
          <button type="submit">{say('login.go')}</button>
        </form>
      </div>
      {demo.length > 0 && <DemoTable visit={visit} demo={demo} />}
    </Frame>
  );
}

function PasswordField(props: { label: string; autocomplete: 'current-password' | 'new-password'; hint?: string }) {
  const { label, autocomplete, hint } = props;
  return (
    <div class="field">
      <label for="password">{label}</label>
      {hint && (
        <p class="hint" id="password-hint">
          {hint}
        </p>
      )}
      <input
        {...{ id: 'password', name: 'password', type: 'password', required: true, maxLength: 200, autocomplete }}
        {...(hint ? { 'aria-describedby': 'password-hint', minLength: 12 } : {})}
      />
    </div>
  );
}

function DemoTable({ visit, demo }: Pick<LogInPageProps, 'visit' | 'demo'>) {
  const { say } = visit.words;
  return (
    <section class="card narrow" aria-labelledby="demo">
      <h2 id="demo">{say('login.demo')}</h2>
      <p class="hint">{say('login.demo-hint', { password: demo[0]?.password ?? '' })}</p>
      <div class="scroll">
        <table>
          <thead>
            <tr>
              <th scope="col">{say('login.demo-role')}</th>
              <th scope="col" class="number">
                {say('login.demo-code')}
              </th>
            </tr>
          </thead>
          <tbody>
            {demo.map(({ role, of, email, code }) => (
              <tr key={email}>
                <td>
                  {say(`role.${role}`)}
                  {of && <small>{of}</small>}
                  <small>{email}</small>
                </td>
                <td class="number">{code}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </section>
  );
}

interface CodePageProps extends Fault {
  visit: Visit;
  to: string;
  demoCode?: string | undefined;
}

export function CodePage({ visit, fault, to, demoCode }: CodePageProps) {
  const { say } = visit.words;
  return (
    <Frame visit={visit} title={say('code.title')}>
      <div class="card narrow">
        <h1>{say('code.title')}</h1>
        <Wrong fault={fault} />
        <ActForm visit={visit} action="/console/code">
          <input type="hidden" name="to" value={to} />
          <CodeField visit={visit} hint={say('code.hint')} />
          {demoCode && <p class="hint">{say('code.demo', { code: demoCode })}</p>}
          <button type="submit">{say('code.go')}</button>
        </ActForm>
        <ActForm visit={visit} action="/console/logout">
          <button type="submit" class="second">
            {say('code.cancel')}
          </button>
        </ActForm>
      </div>
    </Frame>
  );
}

function CodeField({ visit, hint }: { visit: Visit; hint: string }) {
  return (
    <div class="field">
      <label for="code">{visit.words.say('code.label')}</label>
      <p class="hint" id="code-hint">
        {hint}
      </p>
      <input id="code" name="code" required autocomplete="one-time-code" maxLength={40} aria-describedby="code-hint" />
    </div>
  );
}

export function EnrolPage({ visit, fault, secret }: Fault & { visit: Visit; secret: string }) {
  const { say } = visit.words;
  return (
    <Frame visit={visit} title={say('enrol.title')}>
      <div class="card narrow">
        <h1>{say('enrol.title')}</h1>
        <Wrong fault={fault} />
        <p>{say('enrol.why')}</p>
        <img class="qr" src="/console/enrol/qr.svg" alt={say('enrol.qr')} width="200" height="200" />
        <p class="hint">{say('enrol.secret')}</p>
        <p>
          <code>{secret.replace(/(.{4})(?=.)/g, '$1 ')}</code>
        </p>
        <ActForm visit={visit} action="/console/enrol">
          <CodeField visit={visit} hint={say('enrol.code')} />
          <button type="submit">{say('enrol.go')}</button>
        </ActForm>
      </div>
    </Frame>
  );
}

export function RecoveryPage({ visit, codes }: { visit: Visit; codes: readonly string[] }) {
  const { say } = visit.words;
  return (
    <Frame visit={visit} title={say('recovery.title')}>
      <div class="card narrow">
        <h1>{say('recovery.title')}</h1>
        <p>{say('recovery.why')}</p>
        <ul class="codes">
          {codes.map((code) => (
            <li key={code}>
              <code>{code}</code>
            </li>
          ))}
        </ul>
        <a class="button" href="/console">
          {say('recovery.go')}
        </a>
      </div>
    </Frame>
  );
}

export function JoinPage({
  visit,
  fault,
  token,
  member,
}: Fault & { visit: Visit; token: string; member: StaffMember }) {
  const { say } = visit.words;
  return (
    <Frame visit={visit} title={say('join.title')}>
      <div class="card narrow">
        <h1>{say('join.title')}</h1>
        <Wrong fault={fault} />
        <p>{say('join.welcome', { name: member.name, email: member.email })}</p>
        <form method="post" action={`/console/join/${token}`}>
          <input type="hidden" name="username" value={member.email} autocomplete="username" />
          <PasswordField label={say('join.password')} hint={say('join.hint')} autocomplete="new-password" />
          <button type="submit">{say('join.go')}</button>
        </form>
      </div>
    </Frame>
  );
}
