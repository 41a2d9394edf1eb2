import { In } from 'typeorm';
import type { Tx } from '../../platform/database/index.ts';
import { CustomerSchema } from '../customers/index.ts';
import { type NewMessage, queueMessages } from '../messages/index.ts';
import type { Organisation } from '../organisations/index.ts';
import type { PayoutNewsDeps } from './deps.ts';
import type { ToldRow } from './told-row.ts';

/** A name that is longer would make the message two. */
const LONGEST_NAME = 36;

/** Each who was paid gets one message, in his own language where we know it, else in the organisation's; it also asks, where that is wished. */
export async function tellRecipients(
  deps: PayoutNewsDeps,
  tx: Tx,
  organisation: Organisation,
  paid: readonly ToldRow[],
): Promise<void> {
  if (paid.length === 0) return;
  const customers = await tx.manager.find(CustomerSchema, {
    ...{ select: { msisdn: true, language: true }, where: { msisdn: In(paid.map(({ msisdn }) => msisdn)) } },
  });
  const languageOf = new Map(customers.map(({ msisdn, language }) => [msisdn, language]));
  const messages = paid.map((row) =>
    messageOf(deps, organisation, row, languageOf.get(row.msisdn) ?? organisation.language),
  );
  await queueMessages(deps, tx, messages);
  if (organisation.recipientNews === 'asked') await markAsked(deps, tx, paid);
}

async function markAsked({ runtime }: PayoutNewsDeps, tx: Tx, rows: readonly ToldRow[]): Promise<void> {
  const marks = rows.map(() => '?').join(', ');
  const ids = rows.map(({ id }) => id);
  await tx.manager.query(`UPDATE payout_row SET asked_at = ? WHERE id IN (${marks})`, [
    ...[runtime.clock.now(), ...ids],
  ]);
}

function messageOf(
  { texts, operators, answering: { number, dial } }: PayoutNewsDeps,
  { name, operator, recipientNews }: Organisation,
  row: ToldRow,
  language: string,
): NewMessage {
  const kind = recipientNews === 'asked' ? 'payout-asked' : 'payout';
  const organisation = name.length > LONGEST_NAME ? `${name.slice(0, LONGEST_NAME - 3).trim()}...` : name;
  return {
    ...{ factKey: `payout:${row.id}:${row.transferId ?? ''}`, to: row.msisdn, kind, language, subjectId: row.id },
    values: {
      ...{ organisation, amount: { amountMinor: row.amountMinor, currency: row.currency } },
      ...{ operator: operators.get(operator)?.displayName ?? operator, reference: row.ours ?? '' },
      receipt: row.receipt ?? texts.format(language, 'sms.no-receipt-yet'),
      ...{ dial, number, hasNumber: number === '' ? 'no' : 'yes' },
    },
  };
}
