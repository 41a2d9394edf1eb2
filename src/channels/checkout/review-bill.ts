import { type Money, type Msisdn, Refusal, roundUpToMajor } from '../../kernel/index.ts';
import { readForm } from '../../platform/http/index.ts';
import { refuseForeignForm, sendPage } from '../../platform/pages/index.ts';
import type { Bill, CheckoutBiller } from './checkout-domain.ts';
import { ConfirmPage } from './pages/confirm-page.tsx';
import { type BillValues, type Faults, type Field, readBill } from './read-bill.ts';
import type { Desk, Visit } from './visit.ts';
import { refusalWords } from './words.ts';

/** `POST /pay`: looks the account up and shows what would be paid. Nothing is kept. */
export async function reviewBill(desk: Desk, visit: Visit): Promise<void> {
  const { deps } = desk;
  refuseForeignForm(visit.ctx, deps.publicUrl);
  const { fields } = await readForm(visit.ctx, { lineBreaks: true });
  const read = readBill(fields, deps.billers, deps.currency);
  // He comes back from the confirmation to change something.
  if (fields.edit !== undefined) return visit.showForm({ values: read.values });
  const { biller, account, faults, values } = read;
  if (!biller || Object.keys(faults).length > 0) return showFaults(visit, values, faults);
  try {
    const payer = await deps.domain.checkPayer({ payerText: values.phone });
    const found = await lookUp(desk, visit, values, biller, account);
    if (!found) return;
    const due = found.due.amountMinor > 0n ? found.due : { ...found.due, amountMinor: 0n };
    const amount = read.amount ?? roundUpToMajor(due);
    if (amount.amountMinor === 0n) return showFaults(visit, values, { amount: 'fault.amount-empty' });
    await deps.domain.checkAmount({ billerId: biller.id, account: found.account, amount, payer });
    showConfirmation(desk, visit, values, biller, due, billOf(visit, biller, found, amount, payer));
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    showRefusal(visit, values, error);
  }
}

function billOf(
  { words }: Visit,
  { id }: CheckoutBiller,
  { account, holder }: { account: string; holder: string },
  amount: Money,
  payer: Msisdn,
): Bill {
  return { billerId: id, account, holder, amount, payer, language: words.language };
}

/** Undefined when the answer is given already: the account is not one that can be paid. */
async function lookUp(desk: Desk, visit: Visit, values: BillValues, { id }: CheckoutBiller, account: string) {
  const { limiter, deps } = desk;
  const { address, words } = visit;
  if (!(await limiter.take('lookupsPerHour', address))) {
    visit.showForm({ values, problem: words.say('too-many') }, 429);
    return undefined;
  }
  const lookup = await deps.domain.lookUpAccount({
    billerId: id,
    account,
    timeoutMs: deps.lookupTimeoutMs,
    address,
  });
  if (lookup.kind === 'found') return lookup;
  const says = words.say(`account.${lookup.kind}`);
  if (lookup.kind === 'slow' || lookup.kind === 'unavailable') visit.showForm({ values, problem: says }, 422);
  else visit.showForm({ values, faults: { account: says } }, 422);
  return undefined;
}

function showConfirmation(
  { deps, tickets }: Desk,
  { ctx, common, words }: Visit,
  values: BillValues,
  biller: CheckoutBiller,
  due: Money,
  bill: Bill,
): void {
  const ticket = tickets.issue(bill);
  const page = ConfirmPage({ ...common, operator: deps.operator, biller, bill, due, ticket, values });
  sendPage(ctx, page, { language: words.language });
}

function showFaults(visit: Visit, values: BillValues, faults: Faults): void {
  const said = Object.fromEntries(Object.entries(faults).map(([field, id]) => [field, visit.words.say(id)]));
  visit.showForm({ values, faults: said }, 422);
}

const FIELD_OF: readonly (readonly [RegExp, Field])[] = [
  [/^payer\.(malformed|no-operator|blocked)$/, 'phone'],
  [/^payment\.(below-minimum|above-maximum|whole-units-only|limit-exceeded)$/, 'amount'],
  [/^biller\.unknown$/, 'biller'],
];

/** A refusal stands at the field that it is about, if it is about one. */
export function showRefusal(visit: Visit, values: BillValues, refusal: Refusal): void {
  const says = refusalWords(visit.words, refusal);
  const field = FIELD_OF.find(([codes]) => codes.test(refusal.code))?.[1];
  visit.showForm(field ? { values, faults: { [field]: says } } : { values, problem: says }, 422);
}
