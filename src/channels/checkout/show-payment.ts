import { HttpError } from '../../platform/http/index.ts';
import { type EventStreams, renderFragment, sendPage } from '../../platform/pages/index.ts';
import type { PaymentView } from './checkout-domain.ts';
import { requestKeyOf } from './confirm-bill.ts';
import { isSettled, PaymentPage, PaymentParts } from './pages/payment-page.tsx';
import { TOKEN } from './ticket.ts';
import type { Desk, Visit } from './visit.ts';

/** How long the page of a payment can be opened; what is undecided for longer is told by SMS. */
const PAGE_LIFE_MS = 3 * 86_400_000;
/** A page that was forgotten in a pocket costs nothing after that. */
const LIVE_FOR_MS = 30 * 60_000;

/** `GET /pay/:token`. */
export async function showPayment(desk: Desk, visit: Visit): Promise<void> {
  const { ctx, words, common } = visit;
  const token = String(ctx.params.token);
  const payment = await findPayment(desk, token);
  if (!payment) {
    const again = `?lang=${words.language}`;
    const [title, text] = [words.say('payment.none-title'), words.say('payment.none')];
    return visit.showMessage({ title, text, again }, 404);
  }
  const props = { ...common, ...shown(desk, payment, token) };
  const page = PaymentPage({ ...props, refreshAfterS: refreshAfterS(desk, payment) });
  sendPage(ctx, page, { language: words.language });
}

/** `GET /pay/:token/events`: `state` with the parts that changed, as they change, and `done` when nothing more is to come. */
export async function streamPayment(desk: Desk, streams: EventStreams, visit: Visit): Promise<void> {
  const { ctx, words } = visit;
  const token = String(ctx.params.token);
  const payment = await findPayment(desk, token);
  if (!payment) throw new HttpError(404);
  const stream = streams.open(ctx);
  if (!stream) return;
  const show = (view: PaymentView) => {
    stream.send('state', renderFragment(PaymentParts({ words, ...shown(desk, view, token) })));
    if (isSettled(view)) finish();
  };
  const finish = () => {
    stream.send('done', '');
    stream.end();
  };
  const unwatch = desk.watch.watch(payment, show);
  const deadline = desk.deps.runtime.clock.setTimer(LIVE_FOR_MS, finish, { unref: true });
  stream.onEnd(() => {
    unwatch();
    deadline.cancel();
  });
  // What happened between the page and this.
  show(payment);
}

async function findPayment({ deps }: Desk, token: string): Promise<PaymentView | undefined> {
  if (!TOKEN.test(token)) return undefined;
  const payment = await deps.domain.findPayment({ requestKey: requestKeyOf(deps, token) });
  return payment && deps.runtime.clock.now() - payment.createdAtMs < PAGE_LIFE_MS ? payment : undefined;
}

function shown({ deps }: Desk, payment: PaymentView, token: string) {
  return { payment, token, biller: deps.billers.find(({ id }) => id === payment.billerId), operator: deps.operator };
}

/** Without JavaScript the page is loaded again: often while a PIN is entered, then seldom, then not by itself. */
function refreshAfterS({ deps }: Desk, payment: PaymentView): number | undefined {
  const ageMs = deps.runtime.clock.now() - payment.createdAtMs;
  if (isSettled(payment) || ageMs > LIVE_FOR_MS) return undefined;
  return ageMs < 3 * 60_000 ? 5 : 30;
}
