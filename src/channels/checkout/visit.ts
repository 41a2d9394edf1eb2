import type { Context } from 'koa';
import { Refusal } from '../../kernel/index.ts';
import { HttpError, sourceAddress } from '../../platform/http/index.ts';
import { PAGE_FILES, type StaticFiles, sendPage, staticFiles } from '../../platform/pages/index.ts';
import type { CheckoutDeps } from './deps.ts';
import { countedAddress, type Limiter, makeLimiter } from './limits.ts';
import { FormPage, type FormPageProps } from './pages/form-page.tsx';
import type { Assets } from './pages/frame.tsx';
import { MessagePage, type MessagePageProps } from './pages/message-page.tsx';
import { makeTickets, type Tickets } from './ticket.ts';
import { makePaymentWatch, type PaymentWatch } from './watch-payments.ts';
import { refusalWords, type Words, wordsOf } from './words.ts';

/** What the routes share. */
export interface Desk {
  deps: CheckoutDeps;
  tickets: Tickets;
  limiter: Limiter;
  watch: PaymentWatch;
  files: StaticFiles;
}

export function openDesk(deps: CheckoutDeps): Desk {
  return {
    deps,
    tickets: makeTickets(deps.runtime, deps.signer),
    limiter: makeLimiter(deps.tallies, deps.limits),
    watch: makePaymentWatch(deps.runtime, (ids) => deps.domain.viewPayments(ids)),
    files: pageFiles(),
  };
}

let files: StaticFiles | undefined;
/** Read once a process. */
function pageFiles(): StaticFiles {
  files ??= staticFiles([PAGE_FILES, new URL('./public/', import.meta.url)]);
  return files;
}

/** One request of a visitor, with what its answer needs. */
export interface Visit {
  ctx: Context;
  words: Words;
  /** By which its requests are counted. */
  address: string;
  common: { words: Words; assets: Assets; supportPhone: string | undefined };
  showForm(props: Pick<FormPageProps, 'values' | 'faults' | 'problem' | 'note'>, status?: number): void;
  showMessage(props: Pick<MessagePageProps, 'title' | 'text' | 'again'>, status: number): void;
}

export function visitOf({ deps, files: assets }: Desk, ctx: Context, words = wordsOf(ctx, deps.texts)): Visit {
  const common = {
    words,
    assets: { style: assets.address('page.css'), icon: assets.address('icon.svg'), live: assets.address('live.js') },
    supportPhone: deps.supportPhone,
  };
  const { language } = words;
  return {
    ctx,
    words,
    address: countedAddress(sourceAddress(ctx.req, deps.trustedProxies)),
    common,
    showForm: (props, status = 200) =>
      sendPage(ctx, FormPage({ ...common, billers: deps.billers, ...props }), { status, language }),
    showMessage: (props, status) => sendPage(ctx, MessagePage({ ...common, ...props }), { status, language }),
  };
}

/** Runs what a route does; what goes wrong is a page too, and says whether money moved. */
export function asPage(desk: Desk, work: (visit: Visit) => Promise<void> | void): (ctx: Context) => Promise<void> {
  return async (ctx) => {
    const visit = visitOf(desk, ctx);
    try {
      await work(visit);
    } catch (error) {
      showError(desk, visit, error);
    }
  };
}

function showError({ deps }: Desk, { ctx, words, showMessage }: Visit, error: unknown): void {
  const { text, status } = describeError(words, error);
  if (status >= 500) {
    const route = String(ctx._matchedRoute);
    deps.log.error({ err: error, method: ctx.method, route }, 'a page failed');
  }
  showMessage({ title: words.say('busy.title'), text }, status);
}

function describeError(words: Words, error: unknown): { text: string; status: number } {
  if (error instanceof Refusal) return { text: refusalWords(words, error), status: 422 };
  if (!(error instanceof HttpError) || error.status >= 500) return { text: words.say('busy.text'), status: 503 };
  return { text: words.say(error.status === 403 ? 'busy.foreign' : 'busy.malformed'), status: error.status };
}
