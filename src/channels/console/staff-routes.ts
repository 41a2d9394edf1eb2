import { listAudit } from '../../domain/audit/index.ts';
import { getOrganisation } from '../../domain/organisations/index.ts';
import {
  changeRoles,
  chooseOwnLanguage,
  endSession,
  HOUSE,
  type Invited,
  inviteAgain,
  inviteStaff,
  listSessions,
  listStaff,
  namesOfStaff,
  STAFF_ROLES,
  type StaffRole,
  setDisabled,
  unlockStaff,
} from '../../domain/staff/index.ts';
import { invariant, Refusal } from '../../kernel/index.ts';
import { HttpError } from '../../platform/http/index.ts';
import { sendPage } from '../../platform/pages/index.ts';
import { auditScope } from './audit-scope.ts';
import type { ConsoleRoute } from './console-route.ts';
import { noteOf, reasonOf } from './form.ts';
import { AuditPage } from './pages/audit-page.tsx';
import { MePage, StaffPage } from './pages/staff-pages.tsx';
import type { Desk, Visit } from './visit.ts';
import { refusalWords } from './words.ts';

const READERS: readonly StaffRole[] = ['administrator', 'auditor'];
const ADMINISTRATORS: readonly StaffRole[] = ['administrator'];
/** The pages of people, once for ours and once for those of an organisation, whose administrator looks after them as ours do. */
function peopleRoutes(path: string, own: Pick<ConsoleRoute, 'allowOrganisation'>[]): ConsoleRoute[] {
  const [readers, administrators] = own;
  const read = { allow: READERS, ...readers };
  const change = { allow: ADMINISTRATORS, ...administrators };
  const act = (name: string, handle: ConsoleRoute['handle']): ConsoleRoute => ({
    ...{ method: 'post', path: `${path}/:id/${name}`, ...change, handle },
  });
  return [
    { method: 'get', path, ...read, handle: (desk, visit) => showStaff(desk, visit) },
    { method: 'post', path, ...change, handle: invite },
    act('roles', giveRoles),
    act('invite', sendAnotherLink),
    act('unlock', unlock),
    act('disable', (desk, visit) => disable(desk, visit, true)),
    act('enable', (desk, visit) => disable(desk, visit, false)),
  ];
}

/** People with a login, their own sessions, and what everyone did. */
export const staffRoutes: readonly ConsoleRoute[] = [
  ...peopleRoutes('/console/staff', []),
  ...peopleRoutes('/console/organisations/:organisation/people', [
    { allowOrganisation: READERS },
    { allowOrganisation: ADMINISTRATORS },
  ]),
  { method: 'get', path: '/console/audit', allow: READERS, allowOrganisation: READERS, handle: showAudit },
  { method: 'get', path: '/console/me', allow: 'member', allowOrganisation: 'member', handle: showMe },
  {
    ...{ method: 'post', path: '/console/me/language', allow: 'member', allowOrganisation: 'member' },
    handle: chooseLanguage,
  },
  { method: 'post', path: '/console/me/end', allow: 'member', allowOrganisation: 'member', handle: endOwnSession },
];

/** Whose people the address is about: the guard has seen to it that the reader may. */
const scopeOf = ({ ctx }: Visit): string => (ctx.params.organisation as string | undefined) ?? HOUSE;
const placeOf = (scope: string): string =>
  scope === HOUSE ? '/console/staff' : `/console/organisations/${scope}/people`;

type Extra = Partial<Pick<Parameters<typeof StaffPage>[0], 'fault' | 'link' | 'values'>>;

async function showStaff({ deps }: Desk, visit: Visit, extra: Extra = {}, status = 200): Promise<void> {
  const scope = scopeOf(visit);
  const organisation = scope === HOUSE ? undefined : await getOrganisation(deps.domain, scope);
  const members = await listStaff(deps.domain, scope);
  const { words } = visit;
  const page = StaffPage({ visit, members, organisation, path: placeOf(scope), note: noteOf(visit), ...extra });
  sendPage(visit.ctx, page, { status, language: words.language, compress: false });
}

const rolesIn = (form: Visit['form']) => STAFF_ROLES.filter((role) => form[`role-${role}`] === 'yes');

async function invite(desk: Desk, visit: Visit): Promise<void> {
  const scope = scopeOf(visit);
  if (scope !== HOUSE) await getOrganisation(desk.deps.domain, scope);
  const { name = '', email = '', phone = '', language = '' } = visit.form;
  const chosen = visit.words.languages.some(({ id }) => id === language) ? language : visit.words.language;
  const person = { name, email, phone, language: chosen, roles: rolesIn(visit.form), scope };
  try {
    await showLink(desk, visit, await inviteStaff(desk.deps.domain, visit.actor(), person));
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    await showStaff(desk, visit, { fault: refusalWords(visit.words, error), values: visit.form }, 422);
  }
}

/** The link is in this answer and nowhere else: whoever has it may choose the password. */
async function showLink(desk: Desk, visit: Visit, { member: { name }, token }: Invited): Promise<void> {
  await showStaff(desk, visit, { link: { name, address: `${desk.deps.publicUrl}/console/join/${token}` } });
}

function changeOf(visit: Visit) {
  return { memberId: String(visit.ctx.params.id), scope: scopeOf(visit), reason: reasonOf(visit.form) };
}

async function giveRoles({ deps }: Desk, visit: Visit): Promise<void> {
  await changeRoles(deps.domain, visit.actor(), { ...changeOf(visit), roles: rolesIn(visit.form) });
  visit.goTo(`${placeOf(scopeOf(visit))}?done=roles`);
}

async function sendAnotherLink(desk: Desk, visit: Visit): Promise<void> {
  await showLink(desk, visit, await inviteAgain(desk.deps.domain, visit.actor(), changeOf(visit)));
}

async function unlock({ deps }: Desk, visit: Visit): Promise<void> {
  await unlockStaff(deps.domain, visit.actor(), changeOf(visit));
  visit.goTo(`${placeOf(scopeOf(visit))}?done=unlocked`);
}

async function disable({ deps }: Desk, visit: Visit, disabled: boolean): Promise<void> {
  await setDisabled(deps.domain, visit.actor(), { ...changeOf(visit), disabled });
  visit.goTo(`${placeOf(scopeOf(visit))}?done=${disabled ? 'disabled' : 'enabled'}`);
}

async function showAudit({ deps }: Desk, visit: Visit): Promise<void> {
  const before = Number(visit.query.before);
  const page = await listAudit(deps.domain, {
    ...auditScope(visit),
    ...(Number.isSafeInteger(before) && before > 0 ? { beforePosition: before } : {}),
  });
  const ids = page.entries.flatMap(({ actorId, subjectId }) => [actorId, subjectId]);
  const names = await namesOfStaff(deps.domain, ids, auditScope(visit));
  const { language } = visit.words;
  sendPage(visit.ctx, AuditPage({ visit, names, ...page }), { language, compress: false });
}

async function showMe({ deps }: Desk, visit: Visit): Promise<void> {
  const { signedIn, words } = visit;
  invariant(signedIn, 'the route is only for who is signed in');
  const { member: own, session } = signedIn;
  const sessions = await listSessions(deps.domain, own.id);
  const page = MePage({ visit, member: own, sessions, currentId: session.id, note: noteOf(visit) });
  sendPage(visit.ctx, page, { language: words.language, compress: false });
}

async function chooseLanguage({ deps }: Desk, visit: Visit): Promise<void> {
  invariant(visit.signedIn, 'the route is only for who is signed in');
  const { language = '' } = visit.form;
  if (!deps.texts.languages.includes(language)) throw new HttpError(422);
  await chooseOwnLanguage(deps.domain, { memberId: visit.signedIn.member.id, language });
  visit.goTo('/console/me?done=language');
}

async function endOwnSession({ deps }: Desk, visit: Visit): Promise<void> {
  invariant(visit.signedIn, 'the route is only for who is signed in');
  const memberId = visit.signedIn.member.id;
  await endSession(deps.domain, visit.actor(), { sessionId: visit.form.session ?? '', memberId });
  visit.goTo('/console/me?done=ended');
}
