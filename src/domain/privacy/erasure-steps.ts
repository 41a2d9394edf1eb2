import { createHash } from 'node:crypto';
import { type EntitySchema, In, LessThan, MoreThan, type ObjectLiteral } from 'typeorm';
import { type Msisdn, spellingsOf } from '../../kernel/index.ts';
import { TransferSchema } from '../../money/transfers/index.ts';
import type { Tx } from '../../platform/database/index.ts';
import { DialogPartSchema } from '../dialogs/index.ts';
import { MessageSchema, SmsOptOutSchema } from '../messages/index.ts';
import { NoteSchema } from '../notes/index.ts';
import { type Payment, PaymentSchema, PaymentTokenSchema } from '../payments/index.ts';
import { PayoutAnswerSchema } from '../payout-answers/index.ts';
import { OPEN_ROWS, PayoutRowSchema } from '../payout-batches/index.ts';
import { ReminderConsentSchema } from '../reminders/index.ts';
import { OPEN_PAYMENT, OPEN_TRANSFER } from './open-matters.ts';

/** Whom it is about, and what stands in his place. */
export interface Erased {
  msisdn: Msisdn;
  pseudonym: string;
  /** Only rows that were made before. */
  boundaryId: string;
}

/** What one commit did: rows that it changed, and where the next begins; undefined when the step has ended. */
export interface Stepped {
  changed: number;
  place: string | undefined;
  /** Something in front of the place must end first. */
  isWaiting?: boolean;
}

export interface ErasureStep {
  name: string;
  run(tx: Tx, erased: Erased, place: string): Promise<Stepped>;
}

/** Rows of one commit. */
const TOGETHER = 100;

/** What is found by its number, by an index. A row that is still open is left: the whole begins anew once it is not. */
export const STEPS_BY_NUMBER: readonly ErasureStep[] = [
  { name: 'payments-dialled', run: (tx, erased, place) => payments(tx, erased, place, 'dialler') },
  { name: 'payments-paid', run: (tx, erased, place) => payments(tx, erased, place, 'payer') },
  { name: 'transfers', run: transfers },
  { name: 'payouts', run: payouts },
  { name: 'messages', run: messages },
  { name: 'dialogs', run: dialogs },
  { name: 'notes', run: (tx, erased, place) => removed(tx, NoteSchema, { subjectId: erased.msisdn }, erased, place) },
  {
    name: 'consents',
    run: (tx, erased, place) => removed(tx, ReminderConsentSchema, { msisdn: erased.msisdn }, erased, place),
  },
  {
    name: 'opt-outs',
    run: (tx, erased, place) => removed(tx, SmsOptOutSchema, { msisdn: erased.msisdn }, erased, place),
  },
];

/** Of what fits, the next rows that were made before the boundary. */
function rowsOf<T extends ObjectLiteral & { id: string }>(
  tx: Tx,
  entity: EntitySchema<T>,
  fits: Partial<T>,
  { boundaryId }: Erased,
  place: string,
): Promise<T[]> {
  return tx.manager
    .createQueryBuilder(entity, 'r')
    .where(fits)
    .andWhere({ id: MoreThan(place) })
    .andWhere({ id: LessThan(boundaryId) })
    .orderBy('r.id', 'ASC')
    .take(TOGETHER)
    .getMany();
}

function stepped(rows: readonly { id: string }[], changed: number): Stepped {
  return { changed, place: rows.length === TOGETHER ? rows.at(-1)?.id : undefined };
}

async function payments(tx: Tx, erased: Erased, place: string, role: 'dialler' | 'payer'): Promise<Stepped> {
  const rows = await rowsOf(tx, PaymentSchema, { [role]: erased.msisdn }, erased, place);
  let changed = 0;
  for (const { id } of rows) {
    const payment = await tx.lockOne(PaymentSchema, { id });
    if (!payment || OPEN_PAYMENT.includes(payment.state)) continue;
    await erasePayment(tx, erased, payment);
    changed += 1;
  }
  return stepped(rows, changed);
}

async function erasePayment(tx: Tx, { msisdn, pseudonym }: Erased, payment: Payment): Promise<void> {
  const { id, dialler, payer, transferId } = payment;
  const inPlace = (number: Msisdn | null) => (number === msisdn ? (pseudonym as Msisdn) : number);
  // Account, holder and tokens are of who dialled; on the web, of who paid.
  const isHis = dialler === msisdn || (dialler === null && payer === msisdn);
  const ofHis = {
    ...{ holder: '', sessionKey: null },
    ...(payment.requestKey.startsWith('transfer:') ? {} : { requestKey: `erased:${id}` }),
    ...(payment.state !== 'posted' && isNumber(payment.account, msisdn) ? { account: '' } : {}),
  };
  await tx.update(PaymentSchema, { id }, { dialler: inPlace(dialler), payer: inPlace(payer), ...(isHis ? ofHis : {}) });
  if (isHis) await tx.manager.delete(PaymentTokenSchema, { paymentId: id });
  await tx.manager.delete(NoteSchema, { subjectId: id });
  if (transferId !== null && payer === msisdn) {
    await tx.update(TransferSchema, { id: transferId }, { maskedPayer: null, payerName: null });
  }
  await emptyBodies(tx, [id]);
}

async function transfers(tx: Tx, erased: Erased, place: string): Promise<Stepped> {
  const { msisdn, pseudonym } = erased;
  const rows = await rowsOf(tx, TransferSchema, { payer: msisdn }, erased, place);
  const gone: string[] = [];
  for (const { id } of rows) {
    const transfer = await tx.lockOne(TransferSchema, { id });
    if (!transfer || OPEN_TRANSFER.includes(transfer.state)) continue;
    const { operator, receipt, paybillAccount } = transfer;
    const account = paybillAccount !== null && isNumber(paybillAccount, msisdn) ? { paybillAccount: null } : {};
    const patch = { payer: pseudonym as Msisdn, maskedPayer: null, payerName: null, ...account };
    await tx.update(TransferSchema, { id }, patch);
    if (receipt !== null) await eraseLines(tx, pseudonym, operator, receipt);
    gone.push(id);
  }
  await emptyBodies(tx, gone);
  return stepped(rows, gone.length);
}

/** What an organisation paid him: amount and receipt are its books. */
async function payouts(tx: Tx, erased: Erased, place: string): Promise<Stepped> {
  const rows = await rowsOf(tx, PayoutRowSchema, { msisdn: erased.msisdn }, erased, place);
  let changed = 0;
  for (const { id } of rows) {
    const row = await tx.lockOne(PayoutRowSchema, { id });
    if (!row || OPEN_ROWS.includes(row.state)) continue;
    const patch = { msisdn: erased.pseudonym as Msisdn, name: null, reference: null, extra: null };
    await tx.update(PayoutRowSchema, { id }, patch);
    await tx.manager.delete(PayoutAnswerSchema, { rowId: id });
    changed += 1;
  }
  return stepped(rows, changed);
}

/** The operator's lines about it: the name stands in their details. */
async function eraseLines(tx: Tx, pseudonym: string, operator: string, receipt: string): Promise<void> {
  await tx.manager.query(
    `UPDATE statement_line SET payer = CASE WHEN payer IS NULL THEN NULL ELSE ? END, masked_payer = NULL, detail = ''
     WHERE party = ? AND receipt = ?`,
    [pseudonym, operator, receipt],
  );
}

async function messages(tx: Tx, erased: Erased, place: string): Promise<Stepped> {
  const { msisdn, pseudonym } = erased;
  const { pattern } = spellingsOf(msisdn);
  const rows = await rowsOf(tx, MessageSchema, { recipient: msisdn }, erased, place);
  const gone: string[] = [];
  for (const { id } of rows) {
    const message = await tx.lockOne(MessageSchema, { id });
    if (!message || message.state === 'queued' || message.state === 'sending') continue;
    // The key of the fact may name the number. By the rest of it the figures find when a receipt went out.
    const factKey = message.factKey.replace(pattern, pseudonym);
    const patch = { recipient: pseudonym as Msisdn, sealedText: '', factKey };
    await tx.update(MessageSchema, { id }, patch);
    gone.push(id);
  }
  await emptyBodies(tx, gone);
  return stepped(rows, gone.length);
}

/** The figures of the hours count sessions: they stay, one still beside the other, as nobody's. */
async function dialogs(tx: Tx, erased: Erased, place: string): Promise<Stepped> {
  const { msisdn, pseudonym } = erased;
  const rows = await rowsOf(tx, DialogPartSchema, { msisdn }, erased, place);
  for (const { id, sessionKey } of rows) {
    const session = createHash('sha256').update(`${pseudonym}\n${sessionKey}`).digest('hex').slice(0, 32);
    await tx.update(DialogPartSchema, { id }, { msisdn: pseudonym as Msisdn, sessionKey: `erased:${session}` });
  }
  return stepped(rows, rows.length);
}

async function removed<T extends ObjectLiteral & { id: string }>(
  tx: Tx,
  entity: EntitySchema<T>,
  fits: Partial<T>,
  erased: Erased,
  place: string,
): Promise<Stepped> {
  const rows = await rowsOf(tx, entity, fits, erased, place);
  if (rows.length > 0) await tx.manager.delete(entity as EntitySchema, { id: In(rows.map(({ id }) => id)) });
  return stepped(rows, rows.length);
}

/** What providers sent about these, as it came. That it came, and what became of it, stays. */
export async function emptyBodies(tx: Tx, subjectIds: readonly string[]): Promise<void> {
  if (subjectIds.length === 0) return;
  const marks = subjectIds.map(() => '?').join(', ');
  await tx.manager.query(
    `UPDATE inbox_event SET body = '' WHERE subject_id IN (${marks}) AND state NOT IN ('new', 'staff')`,
    [...subjectIds],
  );
}

/** Some type their number where an account is asked for. */
function isNumber(text: string, msisdn: Msisdn): boolean {
  return text.replace(/[\s-]/g, '').replace(spellingsOf(msisdn).pattern, '') !== text.replace(/[\s-]/g, '');
}
