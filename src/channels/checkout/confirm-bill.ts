import { formatDecimal, Refusal } from '../../kernel/index.ts';
import { readForm } from '../../platform/http/index.ts';
import { refuseForeignForm } from '../../platform/pages/index.ts';
import type { Bill } from './checkout-domain.ts';
import type { CheckoutDeps } from './deps.ts';
import { payAddress } from './pages/frame.tsx';
import { type BillValues, EMPTY } from './read-bill.ts';
import { showRefusal } from './review-bill.ts';
import type { Ticket } from './ticket.ts';
import type { Desk, Visit } from './visit.ts';

/** Past it what was shown may not be true any more: another amount is due, another person holds the account. */
const TICKET_LIFE_MS = 15 * 60_000;

/** The payment of a page's token. */
export const requestKeyOf = ({ fingerprint }: CheckoutDeps, token: string): string => `web:${fingerprint(token)}`;

/** `POST /pay/confirm`: the one step that makes somebody's phone ask for money; sent twice, it asks once. */
export async function confirmBill(desk: Desk, visit: Visit): Promise<void> {
  const { deps, tickets, limiter } = desk;
  const { ctx, words } = visit;
  refuseForeignForm(ctx, deps.publicUrl);
  const { fields } = await readForm(ctx);
  const ticket = tickets.open(fields.ticket ?? '');
  if (!ticket) return visit.showForm({ values: EMPTY, problem: words.say('busy.malformed') }, 422);
  const { token, bill } = ticket;
  const requestKey = requestKeyOf(deps, token);
  try {
    if (await deps.domain.findPayment({ requestKey })) return goTo(visit, token);
    if (deps.runtime.clock.now() - ticket.issuedAtMs > TICKET_LIFE_MS) {
      return visit.showForm({ values: valuesOf(bill), problem: words.say('too-old') }, 422);
    }
    if (!(await limiter.take('promptsPerHour', visit.address))) {
      return visit.showForm({ values: valuesOf(bill), problem: words.say('too-many') }, 429);
    }
    await deps.domain.requestPayment({ ...bill, requestKey });
    goTo(visit, token);
  } catch (error) {
    if (error instanceof Refusal) return showRefusal(visit, valuesOf(bill), error);
    deps.log.error({ err: error, route: '/pay/confirm' }, 'a page failed');
    showNotKnown(visit, ticket);
  }
}

/** Seen with GET, so that a reload does not send the form again. */
function goTo({ ctx, words }: Visit, token: string): void {
  ctx.status = 303;
  ctx.set({ Location: payAddress(words.language, `/pay/${token}`), 'Cache-Control': 'no-store' });
  ctx.body = '';
}

/** The commit may have been lost on its way back, so it cannot be said that nothing will happen. */
function showNotKnown({ words, showMessage }: Visit, { token }: Ticket): void {
  const again = payAddress(words.language, `/pay/${token}`);
  showMessage({ title: words.say('busy.while-paying-title'), text: words.say('busy.while-paying'), again }, 503);
}

function valuesOf({ billerId, account, amount, payer }: Bill): BillValues {
  return { biller: billerId, account, amount: formatDecimal(amount).replace(/\.0+$/, ''), phone: payer };
}
