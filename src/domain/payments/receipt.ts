import type { Money, Msisdn } from '../../kernel/index.ts';
import type { Tx } from '../../platform/database/index.ts';
import type { TextValues } from '../../platform/texts/index.ts';
import type { Biller } from '../billers/index.ts';
import { CustomerSchema } from '../customers/index.ts';
import { type MessageKind, MessageSchema, type NewMessage, queueMessage } from '../messages/index.ts';
import type { PaymentDeps } from './deps.ts';
import { type Payment, PaymentTokenSchema } from './payment.ts';

/** What a receipt is queued as, whoever gets it. */
export const RECEIPT_KINDS = [
  ...(['receipt', 'receipt-balance', 'receipt-credit', 'receipt-payer', 'receipt-tokens'] as const),
] as const satisfies readonly MessageKind[];

/** `12345678901234567890` as it is printed and typed: `1234-5678-9012-3456-7890`. */
export function formatToken(digits: string): string {
  return digits.replace(/(\d{4})(?=\d)/g, '$1-');
}

/**
 * The receipt of a posted payment: one, to the payer. When somebody else dialled, the payer gets amount and
 * references, and the one who dialled gets the account's details and the tokens. Who is not known yet gets it later.
 */
export async function queueReceipt(deps: PaymentDeps, tx: Tx, payment: Payment): Promise<void> {
  const { payer, dialler } = payment;
  if (payer !== null && (dialler === null || dialler === payer)) {
    const details = await detailsOf(deps, tx, payment);
    await queueMessage(deps, tx, { ...details, ...about(payment, 'receipt'), to: payer });
    return;
  }
  if (payer !== null) await tellPayer(deps, tx, payment, payer, 'receipt');
  if (dialler === null) return;
  const details = await detailsOf(deps, tx, payment);
  await queueMessage(deps, tx, { ...details, ...about(payment, 'details'), to: dialler });
}

/** The payer became known after it was posted. Whoever was taken for him may have the receipt already; he gets his own. */
export async function queueBelatedReceipt(deps: PaymentDeps, tx: Tx, payment: Payment): Promise<void> {
  const told = await tx.findOne(MessageSchema, { factKey: about(payment, 'receipt').factKey });
  if (!told) return queueReceipt(deps, tx, payment);
  const { payer } = payment;
  if (payer !== null && told.recipient !== payer) await tellPayer(deps, tx, payment, payer, 'receipt-payer');
}

/** Who only pays: amount and references, in his own language. */
async function tellPayer(deps: PaymentDeps, tx: Tx, payment: Payment, payer: Msisdn, fact: string): Promise<void> {
  const inHisWords = {
    ...payment,
    language: (await tx.findOne(CustomerSchema, { msisdn: payer }))?.language ?? payment.language,
  };
  const values = commonValues(deps, inHisWords);
  await queueMessage(deps, tx, { ...about(inHisWords, fact), to: payer, kind: 'receipt-payer', values });
}

/** The receipt once more, to whoever of the two asks. */
export async function queueReceiptAgain(
  deps: PaymentDeps,
  tx: Tx,
  payment: Payment,
  to: Msisdn,
  factKey: string,
): Promise<void> {
  const base = { ...about(payment, 'receipt'), factKey, to };
  if (to === payment.dialler || payment.dialler === null) {
    await queueMessage(deps, tx, { ...(await detailsOf(deps, tx, payment)), ...base });
  } else {
    await queueMessage(deps, tx, { ...base, kind: 'receipt-payer', values: commonValues(deps, payment) });
  }
}

function about(payment: Payment, fact: string) {
  return { factKey: `${fact}:${payment.id}`, subjectId: payment.id, language: payment.language };
}

type Details = Pick<NewMessage, 'kind' | 'values' | 'keepWhole'>;

async function detailsOf(deps: PaymentDeps, tx: Tx, payment: Payment): Promise<Details> {
  const biller = deps.billers.get(payment.billerId ?? '');
  return biller.kind === 'prepaid' ? prepaidDetails(deps, tx, payment) : postpaidDetails(deps, payment, biller);
}

function postpaidDetails(deps: PaymentDeps, payment: Payment, { currency }: Biller): Details {
  const { balanceMinor } = payment;
  const values = commonValues(deps, payment);
  if (balanceMinor === null) return { kind: 'receipt', values };
  const isCredit = balanceMinor < 0n;
  const balance: Money = { amountMinor: isCredit ? -balanceMinor : balanceMinor, currency };
  return { kind: isCredit ? 'receipt-credit' : 'receipt-balance', values: { ...values, balance } };
}

async function prepaidDetails(deps: PaymentDeps, tx: Tx, payment: Payment): Promise<Details> {
  const rows = await tx.manager.find(PaymentTokenSchema, {
    where: { paymentId: payment.id },
    order: { position: 'ASC' },
  });
  // Tokens are forgotten after their time; the payment is still proven.
  if (rows.length === 0) return { kind: 'receipt', values: commonValues(deps, payment) };
  const tokens = rows.map((row) => formatToken(deps.sealing.open(row.sealedDigits)));
  const { debtTakenMinor, currency } = payment;
  return {
    kind: 'receipt-tokens',
    keepWhole: tokens,
    values: {
      ...commonValues(deps, payment),
      tokens: tokens.join('\n'),
      tokenCount: tokens.length,
      units: payment.units ?? '',
      hasUnits: payment.units ? 'yes' : 'no',
      debt: { amountMinor: debtTakenMinor ?? 0n, currency },
      hasDebt: debtTakenMinor !== null && debtTakenMinor > 0n ? 'yes' : 'no',
    },
  };
}

export function commonValues(
  deps: Pick<PaymentDeps, 'billers' | 'operators' | 'paymentSettings' | 'texts'>,
  payment: Payment,
) {
  const { amountMinor, currency, operatorReceipt } = payment;
  return {
    biller: payment.billerId ? deps.billers.get(payment.billerId).name : '-',
    account: payment.account,
    amount: { amountMinor, currency },
    reference: payment.reference,
    operator: deps.operators.get(deps.paymentSettings.operator)?.displayName ?? '',
    // The operator said yes and not under which number: its own SMS to the payer has it.
    receipt: operatorReceipt ?? deps.texts.format(payment.language, 'sms.no-receipt-yet'),
    time: new Date(payment.collectedAtMs ?? payment.createdAtMs),
  } satisfies TextValues;
}
