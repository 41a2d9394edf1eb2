import { type EntityManager, In } from 'typeorm';
import { type Msisdn, maskMsisdn } from '../../kernel/index.ts';
import { TransferEventSchema, TransferSchema } from '../../money/transfers/index.ts';
import { InboxEventSchema } from '../../platform/inbox/index.ts';
import { MessageSchema } from '../messages/index.ts';
import { NoteSchema } from '../notes/index.ts';
import { formatToken, type Payment, PaymentEventSchema, PaymentSchema, PaymentTokenSchema } from '../payments/index.ts';
import { StatementRowSchema } from '../reconciliation/index.ts';
import { RefundSchema } from '../refunds/index.ts';
import { maskSecrets } from './mask-secrets.ts';
import { pagesOf } from './pages-of.ts';
import type { Person, PersonDeps } from './person.ts';
import { type Presented, present } from './present.ts';

const SECRETS_OF_TRANSFER = ['callbackToken', 'statusConversationId'];

/** Those that he dialled, and those that he was asked to pay: each once. */
async function* paymentsOf(reader: EntityManager, msisdn: Msisdn): AsyncGenerator<Payment[]> {
  yield* pagesOf(reader, PaymentSchema, { dialler: msisdn }, 'createdAtMs');
  for await (const rows of pagesOf(reader, PaymentSchema, { payer: msisdn }, 'createdAtMs')) {
    yield rows.filter(({ dialler }) => dialler !== msisdn);
  }
}

export async function* payments({ database, sealing }: PersonDeps, { msisdn }: Person): AsyncGenerator<Presented[]> {
  const { reader } = database;
  for await (const rows of paymentsOf(reader, msisdn)) {
    const paymentId = In(rows.map(({ id }) => id));
    const [events, tokens, refunds, written] = await Promise.all([
      reader.find(PaymentEventSchema, { where: { paymentId }, order: { id: 'ASC' } }),
      reader.find(PaymentTokenSchema, { where: { paymentId }, order: { position: 'ASC' } }),
      reader.find(RefundSchema, { where: { paymentId }, order: { id: 'ASC' } }),
      reader.find(NoteSchema, { where: { subjectId: paymentId }, order: { atMs: 'ASC' } }),
    ]);
    yield rows.map((payment) => {
      const own = <T>(all: readonly T[], of: (one: T) => string | null) => all.filter((one) => of(one) === payment.id);
      const isHis = payment.dialler === null || payment.dialler === msisdn;
      return {
        ...presentPayment(payment, msisdn, isHis),
        tokens: isHis
          ? own(tokens, (one) => one.paymentId).map(({ tokenKind, sealedDigits }) => ({
              kind: tokenKind,
              digits: formatToken(sealing.open(sealedDigits)),
            }))
          : [],
        events: own(events, (one) => one.paymentId).map((one) => present(one, ['id', 'paymentId'])),
        refunds: own(refunds, (one) => one.paymentId).map((one) => present(one, ['approvalId'])),
        notesOfStaff: isHis ? own(written, (one) => one.subjectId).map((one) => present(one, ['subjectId'])) : [],
      };
    });
  }
}

/** Who only paid sees neither account nor holder, and nobody sees another's number: as their messages say. */
function presentPayment(payment: Payment, msisdn: Msisdn, isHis: boolean): Presented {
  const hidden = isHis ? [] : ['account', 'holder', 'units', 'balanceMinor', 'debtTakenMinor', 'sessionKey'];
  const other = (number: string | null) => (number === null || number === msisdn ? number : maskMsisdn(number));
  return {
    ...present(payment, ['requestKey', ...hidden]),
    dialler: other(payment.dialler),
    payer: other(payment.payer),
  };
}

async function* transfersOf(reader: EntityManager, msisdn: Msisdn) {
  yield* pagesOf(reader, TransferSchema, { payer: msisdn }, 'id');
}

export async function* transfers(
  { database: { reader } }: PersonDeps,
  { msisdn }: Person,
): AsyncGenerator<Presented[]> {
  for await (const rows of transfersOf(reader, msisdn)) {
    const where = { transferId: In(rows.map(({ id }) => id)) };
    const events = await reader.find(TransferEventSchema, { where, order: { id: 'ASC' } });
    yield rows.map((row) => ({
      ...present(row, SECRETS_OF_TRANSFER),
      events: events.filter(({ transferId }) => transferId === row.id).map((one) => present(one, ['id', 'transferId'])),
    }));
  }
}

/** What providers sent about his transfers and messages, and what he wrote to us himself. */
export async function* callbacks(deps: PersonDeps, { msisdn, customerId }: Person): AsyncGenerator<Presented[]> {
  const { reader } = deps.database;
  async function* subjects(): AsyncGenerator<string[]> {
    if (customerId !== undefined) yield [customerId];
    for await (const rows of transfersOf(reader, msisdn)) yield rows.map(({ id }) => id);
    for await (const rows of pagesOf(reader, MessageSchema, { recipient: msisdn }, 'createdAtMs')) {
      yield rows.map(({ id }) => id);
    }
  }
  for await (const ids of subjects()) {
    const rows = await reader.find(InboxEventSchema, { where: { subjectId: In(ids) }, order: { id: 'ASC' } });
    if (rows.length > 0)
      yield rows.map(({ body, ...row }) => ({ ...present(row, ['token']), body: maskSecrets(body) }));
  }
}

/** Lines of the operator about his transfers. */
export async function* statementLines(
  { database: { reader } }: PersonDeps,
  { msisdn }: Person,
): AsyncGenerator<Presented[]> {
  for await (const rows of transfersOf(reader, msisdn)) {
    const where = rows.flatMap(({ operator, receipt }) => (receipt === null ? [] : [{ party: operator, receipt }]));
    const lines = where.length > 0 ? await reader.find(StatementRowSchema, { where, order: { id: 'ASC' } }) : [];
    if (lines.length > 0) yield lines.map((line) => present(line, ['lineKey']));
  }
}
