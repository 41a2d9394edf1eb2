import {
  bandsOf,
  changeApprovalBands,
  changeContact,
  changeLimits,
  changeRecipientNews,
  createKey,
  dropCredential,
  getOrganisation,
  KEY_SCOPES,
  listKeys,
  type MadeKey,
  RECIPIENT_NEWS,
  rotateKey,
  setCredential,
  withdrawKey,
} from '../../domain/organisations/index.ts';
import type { StaffRole } from '../../domain/staff/index.ts';
import { Refusal } from '../../kernel/index.ts';
import { HttpError } from '../../platform/http/index.ts';
import { sendPage } from '../../platform/pages/index.ts';
import type { ConsoleRoute } from './console-route.ts';
import { noteOf } from './form.ts';
import { actOf, actRoute, type Extra, idOf, ONE_ORGANISATION, organisationIdOf } from './organisation-act.ts';
import { bandsIn, contactIn, languageIn, limitsIn, valuesOf } from './organisation-form.ts';
import { OrganisationSettingsPage } from './pages/organisation-settings-page.tsx';
import type { Desk, Visit } from './visit.ts';
import { refusalWords } from './words.ts';

const READERS: readonly StaffRole[] = ['support', 'finance', 'administrator', 'auditor'];
const ADMINISTRATORS: readonly StaffRole[] = ['administrator'];
const NOBODY: readonly StaffRole[] = [];

const byUs = { allow: ADMINISTRATORS };
const byBoth = { allow: ADMINISTRATORS, allowOrganisation: ADMINISTRATORS };
const back = { page: '/settings', show: showSettings } as const;

/** What an organisation may, by whom it is called, and by what its own system acts. */
export const organisationSettingsRoutes: readonly ConsoleRoute[] = [
  {
    ...{
      method: 'get',
      path: `${ONE_ORGANISATION}/settings`,
      allow: READERS,
      allowOrganisation: ['administrator', 'auditor'],
    },
    handle: (desk, visit) => showSettings(desk, visit),
  },
  actRoute('contact', byBoth, contact, back),
  actRoute('news', byBoth, news, back),
  actRoute('limits', byUs, limits, back),
  actRoute('bands', byUs, bands, back),
  actRoute('credential', byUs, credential, back),
  actRoute('credential/drop', byUs, noCredential, back),
  // A key prepares what its organisation pays: it is theirs to give, and ours to take away.
  {
    ...{ method: 'post', path: `${ONE_ORGANISATION}/keys`, allow: NOBODY, allowOrganisation: ADMINISTRATORS },
    handle: (desk, visit) => showKey(desk, visit, addKey),
  },
  {
    ...{
      method: 'post',
      path: `${ONE_ORGANISATION}/keys/:id/rotate`,
      allow: NOBODY,
      allowOrganisation: ADMINISTRATORS,
    },
    handle: (desk, visit) => showKey(desk, visit, replaceKey),
  },
  actRoute('keys/:id/withdraw', byBoth, endKey, back),
];

async function showSettings(desk: Desk, visit: Visit, extra: Extra = {}): Promise<void> {
  const { domain } = desk.deps;
  const organisation = await getOrganisation(domain, organisationIdOf(visit));
  const keys = await listKeys(domain, organisation.id);
  const page = OrganisationSettingsPage({
    ...{ visit, organisation, keys, bands: bandsOf(domain, organisation), now: domain.runtime.clock.now() },
    ...{ note: extra.fault || extra.secret ? undefined : noteOf(visit) },
    ...{ fault: extra.fault, secret: extra.secret, values: { ...valuesOf(organisation), ...extra.values } },
  });
  const status = extra.fault ? 422 : 200;
  sendPage(visit.ctx, page, { status, language: visit.words.language, compress: false });
}

async function contact({ deps }: Desk, visit: Visit): Promise<string> {
  const { name = '' } = visit.form;
  const given = { name, language: languageIn(visit), contact: contactIn(visit.form) };
  await changeContact(deps.domain, visit.actor(), { ...actOf(visit), ...given });
  return 'contact-changed';
}

/** What those whom it pays hear from us. */
async function news({ deps }: Desk, visit: Visit): Promise<string> {
  const recipientNews = RECIPIENT_NEWS.find((one) => one === visit.form.news);
  if (!recipientNews) throw new HttpError(422);
  await changeRecipientNews(deps.domain, visit.actor(), { ...actOf(visit), recipientNews });
  return 'news-changed';
}

async function limits({ deps }: Desk, visit: Visit): Promise<string> {
  await changeLimits(deps.domain, visit.actor(), { ...actOf(visit), limits: limitsIn(visit.form) });
  return 'limits-changed';
}

async function bands({ deps }: Desk, visit: Visit): Promise<string> {
  await changeApprovalBands(deps.domain, visit.actor(), { ...actOf(visit), bands: bandsIn(visit.form) });
  return 'bands-changed';
}

async function credential({ deps }: Desk, visit: Visit): Promise<string> {
  const { initiator: name = '', credential: secret = '', 'short-code': shortCode = '' } = visit.form;
  const given = { shortCode, initiator: { name, credential: secret } };
  await setCredential(deps.domain, visit.actor(), { ...actOf(visit), ...given });
  return 'credential-set';
}

async function noCredential({ deps }: Desk, visit: Visit): Promise<string> {
  await dropCredential(deps.domain, visit.actor(), actOf(visit));
  return 'credential-dropped';
}

/** The key is in this answer and nowhere else. */
async function showKey(desk: Desk, visit: Visit, make: (desk: Desk, visit: Visit) => Promise<MadeKey>): Promise<void> {
  try {
    const { secret } = await make(desk, visit);
    await showSettings(desk, visit, { secret });
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    await showSettings(desk, visit, { fault: refusalWords(visit.words, error), values: visit.form });
  }
}

function addKey({ deps }: Desk, visit: Visit): Promise<MadeKey> {
  const { form } = visit;
  const scopes = KEY_SCOPES.filter((scope) => form[`scope-${scope}`] === 'yes');
  return createKey(deps.domain, visit.actor(), { ...actOf(visit), name: form['key-name'] ?? '', scopes });
}

function replaceKey({ deps }: Desk, visit: Visit): Promise<MadeKey> {
  return rotateKey(deps.domain, visit.actor(), { ...actOf(visit), keyId: idOf(visit) });
}

async function endKey({ deps }: Desk, visit: Visit): Promise<string> {
  await withdrawKey(deps.domain, visit.actor(), { ...actOf(visit), keyId: idOf(visit) });
  return 'key-withdrawn';
}
