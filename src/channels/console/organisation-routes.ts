import {
  type ApplicationState,
  activateOrganisation,
  applicationStates,
  findApplication,
  getOrganisation,
  listDocuments,
  listOrganisations,
  missingRoles,
  moveApplication,
  openApplication,
  organisationHistory,
  registerOrganisation,
  resumePayouts,
  stopPayouts,
  suspendOrganisation,
} from '../../domain/organisations/index.ts';
import { listStaff, namesOfStaff, type StaffRole } from '../../domain/staff/index.ts';
import { Refusal } from '../../kernel/index.ts';
import { HttpError } from '../../platform/http/index.ts';
import { sendPage } from '../../platform/pages/index.ts';
import type { ConsoleRoute } from './console-route.ts';
import { noteOf } from './form.ts';
import {
  ALL_ORGANISATIONS,
  actOf,
  actRoute,
  type Extra,
  ONE_ORGANISATION,
  organisationIdOf,
} from './organisation-act.ts';
import { contactIn, dueIn, languageIn, limitsIn, USUAL_LIMITS } from './organisation-form.ts';
import { givePaper, readPaper, takePaperBack } from './organisation-papers.ts';
import { OrganisationPage } from './pages/organisation-page.tsx';
import { OrganisationsPage } from './pages/organisations-page.tsx';
import type { Desk, Visit } from './visit.ts';
import { refusalWords } from './words.ts';

const READERS: readonly StaffRole[] = ['support', 'finance', 'administrator', 'auditor'];
const MONEY: readonly StaffRole[] = ['finance', 'administrator'];
const ADMINISTRATORS: readonly StaffRole[] = ['administrator'];
const OWN_READERS: readonly StaffRole[] = ['administrator', 'initiator', 'approver', 'auditor'];

const all = ALL_ORGANISATIONS;
const one = ONE_ORGANISATION;

const byUs = { allow: ADMINISTRATORS };
/** Who gives papers: the organisation's administrator, or our people for it. */
const byClerks = { allow: ['support', 'finance', 'administrator'], allowOrganisation: ADMINISTRATORS } as const;
const back = { page: '', show: showOne } as const;

const LONGEST_ID = 36;

/** Who pays many people through us: what they are, how far they are, and what they may. */
export const organisationRoutes: readonly ConsoleRoute[] = [
  { method: 'get', path: all, allow: READERS, handle: (desk, visit) => showAll(desk, visit) },
  { method: 'post', path: all, allow: ADMINISTRATORS, handle: register },
  {
    ...{ method: 'get', path: one, allow: READERS, allowOrganisation: OWN_READERS },
    handle: (desk, visit) => showOne(desk, visit),
  },
  actRoute('activate', byUs, activate, back),
  actRoute('suspend', byUs, suspend, back),
  // Whoever sees something wrong stops it; what made it wrong is for us to look at before it goes on.
  actRoute('stop', { allow: MONEY, allowOrganisation: ['administrator', 'approver'] }, stop, back),
  actRoute('resume', { allow: MONEY }, resume, back),
  actRoute('application', { allow: MONEY }, apply, back),
  actRoute('application/move', { allow: MONEY }, moveOn, back),
  {
    ...{ method: 'get', path: `${one}/documents/:id`, allow: ['finance', 'administrator', 'auditor'] },
    allowOrganisation: ['administrator', 'auditor'],
    handle: readPaper,
  },
  { ...actRoute('documents', byClerks, givePaper, back), takesFile: true },
  actRoute('documents/:id/withdraw', byClerks, takePaperBack, back),
];

async function showAll({ deps }: Desk, visit: Visit, extra: Extra = {}): Promise<void> {
  const { before } = visit.query;
  const { organisations, next } = await listOrganisations(deps.domain, { beforeId: before?.slice(0, LONGEST_ID) });
  const page = OrganisationsPage({
    ...{ visit, organisations, next, operators: deps.operators, now: deps.domain.runtime.clock.now() },
    ...{ values: USUAL_LIMITS, ...extra },
  });
  sendPage(visit.ctx, page, {
    ...{ status: extra.fault ? 422 : 200, language: visit.words.language, compress: false },
  });
}

async function register(desk: Desk, visit: Visit): Promise<void> {
  const { form, words } = visit;
  const { domain, operators } = desk.deps;
  const operator = operators.find(({ id }) => id === form.operator);
  if (!operator) throw new HttpError(422);
  try {
    const { id } = await registerOrganisation(domain, visit.actor(), {
      ...{ name: form.name ?? '', registrationNumber: form['registration-number'] ?? '', operator: operator.id },
      ...{ currency: domain.currency, country: domain.country, language: languageIn(visit) },
      ...{ contact: contactIn(form), limits: limitsIn(form) },
    });
    visit.goTo(`${all}/${id}?done=registered`);
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    await showAll(desk, visit, { fault: refusalWords(words, error), values: form });
  }
}

async function showOne(desk: Desk, visit: Visit, extra: Extra = {}): Promise<void> {
  const { domain } = desk.deps;
  const organisation = await getOrganisation(domain, organisationIdOf(visit));
  const { id } = organisation;
  const [application, documents, missing, members, history] = await Promise.all([
    findApplication(domain, id),
    listDocuments(domain, id),
    missingRoles(domain.database.reader, id),
    listStaff(domain, id),
    organisationHistory(domain, id),
  ]);
  const givers = [...documents.map(({ givenBy }) => givenBy), ...history.map(({ actor }) => actor.split(':')[1] ?? '')];
  const names = await namesOfStaff(domain, givers, visit.isHouse ? {} : { scope: id });
  const page = OrganisationPage({
    ...{ visit, organisation, application, documents, missing, members, history, names },
    ...{ operators: desk.deps.operators, now: domain.runtime.clock.now() },
    ...{ note: extra.fault ? undefined : noteOf(visit), ...extra },
  });
  const status = extra.fault ? 422 : 200;
  sendPage(visit.ctx, page, { status, language: visit.words.language, compress: false });
}

async function activate({ deps }: Desk, visit: Visit): Promise<string> {
  await activateOrganisation(deps.domain, visit.actor(), actOf(visit));
  return 'activated';
}

async function suspend({ deps }: Desk, visit: Visit): Promise<string> {
  await suspendOrganisation(deps.domain, visit.actor(), actOf(visit));
  return 'suspended';
}

async function stop({ deps }: Desk, visit: Visit): Promise<string> {
  await stopPayouts(deps.domain, visit.actor(), actOf(visit));
  return 'payouts-stopped';
}

async function resume({ deps }: Desk, visit: Visit): Promise<string> {
  await resumePayouts(deps.domain, visit.actor(), actOf(visit));
  return 'payouts-resumed';
}

async function apply(desk: Desk, visit: Visit): Promise<string> {
  const { organisationId, reason: note } = actOf(visit);
  const appliedBy = visit.form['applied-by'] === 'organisation' ? 'organisation' : 'house';
  const dueAtMs = dueIn(desk, visit.form);
  await openApplication(desk.deps.domain, visit.actor(), { organisationId, appliedBy, dueAtMs, note });
  return 'application-opened';
}

async function moveOn(desk: Desk, visit: Visit): Promise<string> {
  const { organisationId, reason: note } = actOf(visit);
  const to = visit.form.to as ApplicationState;
  if (!Object.hasOwn(applicationStates.next, to)) throw new HttpError(422);
  const dueAtMs = dueIn(desk, visit.form);
  await moveApplication(desk.deps.domain, visit.actor(), { organisationId, to, dueAtMs, note });
  return 'application-moved';
}
