import qrcode from 'qrcode';
import {
  acceptInvitation,
  confirmApp,
  endSession,
  enterCode,
  findInvited,
  logIn,
  offerApp,
  type SignedIn,
} from '../../domain/staff/index.ts';
import { invariant, Refusal } from '../../kernel/index.ts';
import { HttpError } from '../../platform/http/index.ts';
import { sendPage } from '../../platform/pages/index.ts';
import type { ConsoleRoute } from './console-route.ts';
import { clearCookie, writeCookie } from './cookie.ts';
import { CodePage, EnrolPage, JoinPage, LogInPage, RecoveryPage } from './pages/access-pages.tsx';
import type { Desk, Visit } from './visit.ts';
import { refusalWords } from './words.ts';

/** Logging in, joining and leaving. */
export const accessRoutes: readonly ConsoleRoute[] = [
  { method: 'get', path: '/console/login', allow: 'anyone', handle: (desk, visit) => showLogIn(desk, visit) },
  { method: 'post', path: '/console/login', allow: 'anyone', handle: takePassword },
  { method: 'get', path: '/console/code', allow: 'half', handle: (desk, visit) => showCode(desk, visit) },
  { method: 'post', path: '/console/code', allow: 'half', handle: takeCode },
  { method: 'get', path: '/console/enrol', allow: 'half', handle: (desk, visit) => showEnrol(desk, visit) },
  { method: 'get', path: '/console/enrol/qr.svg', allow: 'half', handle: showQr },
  { method: 'post', path: '/console/enrol', allow: 'half', handle: takeApp },
  { method: 'get', path: '/console/join/:token', allow: 'anyone', handle: (desk, visit) => showJoin(desk, visit) },
  { method: 'post', path: '/console/join/:token', allow: 'anyone', handle: join },
  { method: 'post', path: '/console/logout', allow: 'anyone', handle: logOut },
];

/** Only a place within the console; whatever else stands there leads to its start. */
export function safePlace(to: string | undefined): string {
  return to !== undefined && /^\/console(?:\/[\w\-./~]*)?(?:\?[\w\-.~%&=+*:@/]*)?$/.test(to) && !/\/\/|\.\./.test(to)
    ? to
    : '/console';
}

const visitorOf = ({ address, agent }: Visit) => ({ address, agent });

function signedInOf({ signedIn }: Visit): SignedIn {
  invariant(signedIn, 'the route is only for who has a session');
  return signedIn;
}

async function showLogIn(
  { deps }: Desk,
  visit: Visit,
  wrong: { fault?: string; email?: string; to?: string; status?: number } = {},
): Promise<void> {
  if (visit.signedIn?.session.stage === 'full') return visit.goTo('/console');
  const { status = 200, to = visit.query.to, ...rest } = wrong;
  const demo = await Promise.all(deps.demo.map(async (one) => ({ ...one, code: await one.code() })));
  const { language } = visit.words;
  sendPage(visit.ctx, LogInPage({ visit, to: safePlace(to), demo, ...rest }), { status, language, compress: false });
}

async function takePassword(desk: Desk, visit: Visit): Promise<void> {
  const { email = '', password = '', to } = visit.form;
  const { words } = visit;
  const answer = await logIn(desk.deps.domain, { email, password, visitor: visitorOf(visit) });
  if (answer.kind === 'wrong') {
    return showLogIn(desk, visit, { email, fault: words.say('login.wrong'), status: 422, ...(to ? { to } : {}) });
  }
  if (answer.kind === 'locked') {
    const fault = words.say('login.locked', { until: new Date(answer.untilMs) });
    return showLogIn(desk, visit, { email, fault, status: 429, ...(to ? { to } : {}) });
  }
  writeCookie(visit.ctx, answer.token, desk.deps.publicUrl);
  const back = safePlace(to);
  const next = { 'second-factor': `/console/code?to=${encodeURIComponent(back)}`, enrol: '/console/enrol', full: back };
  visit.goTo(next[answer.stage]);
}

async function showCode({ deps }: Desk, visit: Visit, fault?: string, status = 200): Promise<void> {
  const { member, session } = signedInOf(visit);
  if (session.stage !== 'second-factor') return visit.goTo('/console/enrol');
  const demo = deps.demo.find(({ email }) => email === member.email);
  const to = safePlace(visit.form.to ?? visit.query.to);
  const page = CodePage({ visit, fault, to, demoCode: await demo?.code() });
  sendPage(visit.ctx, page, { status, language: visit.words.language, compress: false });
}

async function takeCode(desk: Desk, visit: Visit): Promise<void> {
  const { code = '', to } = visit.form;
  const answer = await enterCode(desk.deps.domain, signedInOf(visit), { code, visitor: visitorOf(visit) });
  const { words } = visit;
  if (answer.kind === 'wrong') return showCode(desk, visit, words.say('code.wrong'), 422);
  if (answer.kind === 'locked') {
    return showCode(desk, visit, words.say('login.locked', { until: new Date(answer.untilMs) }), 429);
  }
  writeCookie(visit.ctx, answer.token, desk.deps.publicUrl);
  visit.goTo(safePlace(to));
}

async function showEnrol({ deps }: Desk, visit: Visit, fault?: string, status = 200): Promise<void> {
  const signedIn = signedInOf(visit);
  if (signedIn.session.stage !== 'enrol') return visit.goTo('/console/code');
  const { secret } = await offerApp(deps.domain, signedIn);
  const { language } = visit.words;
  sendPage(visit.ctx, EnrolPage({ visit, fault, secret }), { status, language, compress: false });
}

async function showQr({ deps }: Desk, visit: Visit): Promise<void> {
  const { address } = await offerApp(deps.domain, signedInOf(visit));
  visit.ctx.set({ 'Content-Type': 'image/svg+xml', 'Cache-Control': 'no-store', 'X-Content-Type-Options': 'nosniff' });
  visit.ctx.body = await qrcode.toString(address, { type: 'svg', margin: 2 });
}

async function takeApp(desk: Desk, visit: Visit): Promise<void> {
  const { code = '' } = visit.form;
  const answer = await confirmApp(desk.deps.domain, signedInOf(visit), { code, visitor: visitorOf(visit) });
  if (answer.kind === 'wrong') return showEnrol(desk, visit, visit.words.say('code.wrong'), 422);
  writeCookie(visit.ctx, answer.token, desk.deps.publicUrl);
  const { language } = visit.words;
  sendPage(visit.ctx, RecoveryPage({ visit, codes: answer.recoveryCodes }), { language, compress: false });
}

async function showJoin({ deps }: Desk, visit: Visit, fault?: string, status = 200): Promise<void> {
  const token = String(visit.ctx.params.token);
  const member = await findInvited(deps.domain, token);
  if (!member) throw new HttpError(404);
  const { language } = visit.words;
  sendPage(visit.ctx, JoinPage({ visit, fault, token, member }), { status, language, compress: false });
}

async function join(desk: Desk, visit: Visit): Promise<void> {
  const token = String(visit.ctx.params.token);
  const { password = '' } = visit.form;
  try {
    const begun = await acceptInvitation(desk.deps.domain, { token, password, visitor: visitorOf(visit) });
    writeCookie(visit.ctx, begun.token, desk.deps.publicUrl);
    visit.goTo(begun.stage === 'full' ? '/console' : '/console/enrol');
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    await showJoin(desk, visit, refusalWords(visit.words, error), 422);
  }
}

async function logOut({ deps }: Desk, visit: Visit): Promise<void> {
  const { signedIn } = visit;
  if (signedIn) {
    const { session, member } = signedIn;
    await endSession(deps.domain, visit.actor(), { sessionId: session.id, memberId: member.id });
  }
  clearCookie(visit.ctx, deps.publicUrl);
  visit.goTo('/console/login');
}
