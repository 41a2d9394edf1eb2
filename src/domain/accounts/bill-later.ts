import { type Money, type Msisdn, roundUpToMajor } from '../../kernel/index.ts';
import { type BillerCatalogue, payDialString } from '../billers/index.ts';
import { CustomerSchema, lockCustomer } from '../customers/index.ts';
import { type MessageDeps, type NewMessage, queueMessage } from '../messages/index.ts';
import { countNotFound } from './guessing.ts';
import { type LookupDeps, lookUpAccount } from './look-up-account.ts';

export const SEND_BILL = 'account.send-bill';

export interface BillLaterDeps extends LookupDeps, MessageDeps {
  billers: BillerCatalogue;
  /** `*384*123#` */
  serviceCode: string;
}

/** Nobody waits on a screen any more. */
const PATIENT_TIMEOUT_MS = 20_000;

/** The biller was too slow for the screen: the bill follows by SMS, with a dial string that leads straight on. */
export async function sendBillLater(
  deps: BillLaterDeps,
  input: { msisdn: Msisdn; language: string; billerId: string; account: string; turnKey: string },
): Promise<void> {
  await deps.database.transaction(async (tx) => {
    const customer = await lockCustomer(deps, tx, input.msisdn, input.language);
    const { billerId, account, language } = input;
    const payload = { customerId: customer.id, billerId, account, language };
    await deps.outbox.emit(tx, { topic: SEND_BILL, key: input.turnKey, payload });
  });
}

/** Work of `account.send-bill`. Throws while the biller does not answer, to be tried again. */
export async function sendBill(
  deps: BillLaterDeps,
  payload: { customerId: string; billerId: string; account: string; language: string },
  workId: string,
): Promise<void> {
  const { billerId, account, language } = payload;
  const customer = await deps.database.reader.findOne(CustomerSchema, { where: { id: payload.customerId } });
  if (!customer) return;
  const biller = deps.billers.get(billerId);
  const lookup = await lookUpAccount(deps, { billerId, account, timeoutMs: PATIENT_TIMEOUT_MS });
  if (lookup.kind === 'slow' || lookup.kind === 'unavailable') throw new Error(`${billerId} does not answer`);
  // He was let through when he dialled, and is owed an answer; that it is none counts for his next one.
  if (lookup.kind === 'not-found') await countNotFound(deps, { msisdn: customer.msisdn, billerId });
  const common = { biller: biller.name, account };
  const dial = payDialString(deps.serviceCode, biller, account);
  const message: Pick<NewMessage, 'kind' | 'values'> =
    lookup.kind === 'found'
      ? { kind: 'bill', values: { ...common, holder: lookup.holder, ...dueValues(lookup.due), dial } }
      : { kind: 'bill-no-account', values: common };
  await deps.database.transaction((tx) =>
    queueMessage(deps, tx, { factKey: `bill:${workId}`, to: customer.msisdn, language, ...message }),
  );
}

/** As on the screens: what the biller owes the customer is no amount due, and a prompt moves whole units only. */
function dueValues({ amountMinor, currency }: Money) {
  const due: Money = { amountMinor: amountMinor > 0n ? amountMinor : 0n, currency };
  const dueWhole = roundUpToMajor(due);
  const withCents = dueWhole.amountMinor === due.amountMinor ? 'whole' : 'cents';
  return { due, dueWhole, dueKind: due.amountMinor === 0n ? 'none' : withCents };
}
