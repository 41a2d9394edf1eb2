import type Router from '@koa/router';
import { formatDecimal } from '../../kernel/index.ts';
import { makeEventStreams } from '../../platform/pages/index.ts';
import { confirmBill } from './confirm-bill.ts';
import type { CheckoutDeps } from './deps.ts';
import { payAddress } from './pages/frame.tsx';
import { EMPTY } from './read-bill.ts';
import { reviewBill } from './review-bill.ts';
import { showPayment, streamPayment } from './show-payment.ts';
import { asPage, type Desk, openDesk, type Visit, visitOf } from './visit.ts';

/** Pages that are live at once in one process; past it they load themselves again. */
const MOST_STREAMS = 2_000;

/**
 * The page to pay: `/pay` (the form), `POST /pay` (look up and show), `POST /pay/confirm` (ask the phone), `/pay/:token` (the
 * payment, live), and `/p/:code` (the form, filled in by a reminder's link).
 */
export function addCheckoutRoutes(router: Router, deps: CheckoutDeps): { stop(): void } {
  const desk = openDesk(deps);
  const streams = makeEventStreams(deps.runtime, { most: MOST_STREAMS });
  const page = (work: (desk: Desk, visit: Visit) => Promise<void> | void) => asPage(desk, (visit) => work(desk, visit));
  desk.files.addRoutes(router);
  router.get('/pay', page(showForm));
  router.post('/pay', page(reviewBill));
  router.get('/pay/confirm', page(backToForm));
  router.post('/pay/confirm', page(confirmBill));
  router.get('/pay/:token', page(showPayment));
  router.get(
    '/pay/:token/events',
    page((_desk, visit) => streamPayment(desk, streams, visit)),
  );
  router.get('/p/:code', page(openLink));
  return { stop: () => streams.endAll() };
}

function showForm(_desk: Desk, visit: Visit): void {
  visit.showForm({ values: EMPTY });
}

/** Somebody reloads the address of the confirmation, or chooses another language there. */
function backToForm(_desk: Desk, { ctx, words }: Visit): void {
  ctx.redirect(payAddress(words.language));
  ctx.set('Cache-Control', 'no-store');
}

function openLink(desk: Desk, visit: Visit): void {
  const { ctx, words } = visit;
  const link = desk.deps.domain.openLink(String(ctx.params.code));
  if (!link) {
    visit.showForm({ values: EMPTY, note: words.say('link.gone') }, 410);
    return;
  }
  // The reminder's language, unless he asks for another here.
  const reader = ctx.query.lang === undefined ? visitOf(desk, ctx, words.in(link.language)) : visit;
  const amount = link.amount ? formatDecimal(link.amount).replace(/\.0+$/, '') : '';
  const values = { ...EMPTY, biller: link.billerId, account: link.account, amount };
  reader.showForm({ values, note: reader.words.say('link.filled') });
}
