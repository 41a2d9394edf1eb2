import { type Msisdn, Refusal } from '../../kernel/index.ts';
import { type InboxEvent, InboxEventSchema } from '../../platform/inbox/index.ts';
import { type Actor, recordAct } from '../audit/index.ts';
import { CustomerSchema } from '../customers/index.ts';
import { formatToken, PaymentTokenSchema } from '../payments/index.ts';
import type { SupportDeps } from './deps.ts';

/** The tokens of a payment as they are printed, in the order to enter them. That they were looked at is kept. */
export async function lookAtTokens(deps: SupportDeps, actor: Actor, paymentId: string): Promise<string[]> {
  const rows = await deps.database.reader.find(PaymentTokenSchema, {
    where: { paymentId },
    order: { position: 'ASC' },
  });
  if (rows.length === 0) throw new Refusal('payment.not-found');
  await deps.database.transaction((tx) =>
    recordAct(deps, tx, { actor, act: 'tokens.seen', subject: { kind: 'payment', id: paymentId } }),
  );
  return rows.map(({ sealedDigits }) => formatToken(deps.sealing.open(sealedDigits)));
}

/** A number is about to be shown in full. */
export async function lookAtNumber(deps: SupportDeps, actor: Actor, msisdn: Msisdn): Promise<void> {
  const customer = await deps.database.reader.findOne(CustomerSchema, { where: { msisdn } });
  // A number does not belong into the audit log; a stranger is named by the keyed hash of his.
  const id = customer?.id ?? deps.sealing.fingerprint(msisdn);
  await deps.database.transaction((tx) =>
    recordAct(deps, tx, { actor, act: 'number.seen', subject: { kind: 'person', id } }),
  );
}

/** A message of a provider as it came. Refuses with `callback.not-found`. */
export async function lookAtCallback(deps: SupportDeps, actor: Actor, id: string): Promise<InboxEvent> {
  const event = await deps.database.reader.findOne(InboxEventSchema, { where: { id } });
  if (!event) throw new Refusal('callback.not-found');
  await deps.database.transaction((tx) =>
    recordAct(deps, tx, { actor, act: 'callback.seen', subject: { kind: 'callback', id } }),
  );
  return event;
}
