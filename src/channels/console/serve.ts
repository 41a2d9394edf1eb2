import { rm } from 'node:fs/promises';
import type { Context } from 'koa';
import { actorOf, findSession, HOUSE } from '../../domain/staff/index.ts';
import { maskNumbersIn, Refusal } from '../../kernel/index.ts';
import { HttpError, readForm, readUpload, sourceAddress, type UploadBody } from '../../platform/http/index.ts';
import { refuseForeignForm, sendPage } from '../../platform/pages/index.ts';
import { type ConsoleRoute, mayOpen } from './console-route.ts';
import { csrfOf, isCsrfOf, readCookie } from './cookie.ts';
import { MessagePage } from './pages/message-page.tsx';
import type { Desk, Visit } from './visit.ts';
import { type ConsoleWords, refusalWords, wordsOf } from './words.ts';

/** Runs a route for whoever may have it; what goes wrong is a page too. */
export function serve(desk: Desk, route: ConsoleRoute): (ctx: Context) => Promise<void> {
  return async (ctx) => {
    const visit = await visitOf(desk, ctx);
    try {
      // No store takes it, so nothing can be there.
      if (ctx.url.includes('%00')) throw new HttpError(404);
      const refused = mayOpen(route, visit.signedIn, ctx.params);
      if (refused === 'login') return askToLogIn(visit);
      if (refused === 'nothing') throw new HttpError(404);
      if (refused === 'role') throw new HttpError(403);
      if (route.method === 'post') {
        refuseForeignForm(ctx, desk.deps.publicUrl);
        const { fields, file } = await readBody(desk, route, ctx);
        if (file) {
          const keep = () => {
            visit.file = undefined;
          };
          visit.file = { ...file, keep };
        }
        if (visit.signedIn && !isCsrfOf(desk.deps.signer, visit.signedIn, fields.csrf ?? '')) throw new HttpError(403);
        // Reasons end up in the audit log, which cannot be changed: no number gets into it.
        const { country } = desk.deps.domain;
        visit.form = fields.reason ? { ...fields, reason: maskNumbersIn(fields.reason, country) } : fields;
      }
      await route.handle(desk, visit);
    } catch (error) {
      showError(desk, visit, error);
    } finally {
      if (visit.file) await rm(visit.file.path, { force: true });
    }
  };
}

async function readBody({ deps }: Desk, { takesFile }: ConsoleRoute, ctx: Context): Promise<UploadBody> {
  if (!takesFile) return { ...(await readForm(ctx, { lineBreaks: true })), file: undefined };
  const { directory, mostBytes } = deps.uploads;
  return readUpload(ctx, { directory, mostBytes, name: deps.domain.runtime.ids.next() });
}

async function visitOf({ deps, assets }: Desk, ctx: Context): Promise<Visit & { form: Record<string, string> }> {
  const signedIn = await findSession(deps.domain, readCookie(ctx));
  const words = wordsOf(ctx, deps.texts, signedIn?.member.language);
  const roles = signedIn?.roles ?? [];
  const address = sourceAddress(ctx.req, deps.trustedProxies) ?? '';
  return {
    ...{ ctx, words, assets, address, agent: ctx.get('user-agent'), signedIn, roles },
    actor() {
      if (!signedIn) throw new HttpError(403);
      return actorOf(signedIn.member, address);
    },
    scope: signedIn?.member.scope ?? '',
    isHouse: signedIn?.member.scope === HOUSE,
    may: (...wanted) => wanted.some((role) => roles.includes(role)),
    csrf: signedIn ? csrfOf(deps.signer, signedIn) : '',
    form: {},
    file: undefined,
    query: Object.fromEntries(
      Object.entries(ctx.query).map(([name, value]) => [name, (Array.isArray(value) ? value[0] : value) ?? '']),
    ),
    goTo(path) {
      ctx.status = 303;
      ctx.set({ Location: path, 'Cache-Control': 'no-store' });
      ctx.body = '';
    },
  };
}

/** The login leads back to here; after a form, to the page that had it. */
function askToLogIn({ ctx, signedIn, goTo }: Visit): void {
  const isPage = ctx.method === 'GET' && ctx.get('accept').includes('text/html') && ctx.path !== '/console';
  const login = isPage ? `/console/login?to=${encodeURIComponent(ctx.url)}` : '/console/login';
  const places = { 'second-factor': '/console/code', enrol: '/console/enrol', full: login };
  goTo(signedIn ? places[signedIn.session.stage] : login);
}

function showError({ deps }: Desk, visit: Visit, error: unknown): void {
  const { ctx, words } = visit;
  const { status, title, text } = describe(words, error);
  if (status >= 500)
    deps.log.error({ err: error, method: ctx.method, route: String(ctx._matchedRoute) }, 'a page failed');
  sendPage(ctx, MessagePage({ visit, title, text }), { status, language: words.language, compress: false });
}

function describe(words: ConsoleWords, error: unknown): { status: number; title: string; text: string } {
  if (error instanceof Refusal) {
    const status = error.code.endsWith('.not-found') ? 404 : 422;
    return { status, title: words.say('error.refused'), text: refusalWords(words, error) };
  }
  const status = error instanceof HttpError ? error.status : 500;
  const kind = [403, 404, 413, 415].includes(status) ? String(status) : status < 500 ? '400' : '500';
  return { status, title: words.say(`error.${kind}.title`), text: words.say(`error.${kind}.text`) };
}
