import { unreachable } from '../../kernel/index.ts';
import { ledgerAccount, postEntry } from '../../money/ledger/index.ts';
import type { Tx } from '../../platform/database/index.ts';
import type { Outcome } from '../../platform/outbox/index.ts';
import type { PostAnswer, PostedPayment, PostRequest } from '../../providers/billers/index.ts';
import { connectorOf } from '../accounts/index.ts';
import { isWithoutToken, keepBooked, lookAgain } from './await-token.ts';
import { BillerSilentError } from './biller-silent-error.ts';
import type { PaymentDeps } from './deps.ts';
import { movePayment } from './move-payment.ts';
import { moveToSuspense } from './on-transfer.ts';
import { type Payment, PaymentSchema, PaymentTokenSchema } from './payment.ts';
import { queueReceipt } from './receipt.ts';
import { tellFailure } from './tell-customer.ts';

/**
 * Work of `payment.post`: tells the biller of collected money. After the first call it is always looked up by our
 * reference before it is sent again, so that nothing is booked or vended twice. A prepaid sale is posted when its token is there:
 * what is booked without one stays collected, and is only looked up until it is.
 */
export async function postPayment(deps: PaymentDeps, { paymentId }: { paymentId: string }): Promise<Outcome> {
  const begun = await beginPosting(deps, paymentId);
  if (!begun) return undefined;
  const answer = await askBiller(deps, begun.payment, begun.wasTried);
  if (answer.kind === 'unknown') throw new BillerSilentError(answer.description);
  const awaitsToken = answer.kind === 'posted' && isWithoutToken(deps, begun.payment, answer);
  const isUnderWay = await deps.database.transaction(async (tx) => {
    const payment = await tx.lockOne(PaymentSchema, { id: paymentId });
    if (payment?.state !== 'collected') return false;
    await (awaitsToken ? keepBooked(deps, tx, payment, answer) : keepAnswer(deps, tx, payment, answer));
    return awaitsToken;
  });
  return isUnderWay ? lookAgain(deps, begun.payment.postingSinceMs ?? deps.runtime.clock.now()) : undefined;
}

function beginPosting(deps: PaymentDeps, id: string): Promise<{ payment: Payment; wasTried: boolean } | undefined> {
  return deps.database.transaction(async (tx) => {
    const payment = await tx.lockOne(PaymentSchema, { id });
    if (payment?.state !== 'collected') return undefined;
    if (payment.postingSinceMs !== null) return { payment, wasTried: true };
    await tx.update(PaymentSchema, { id }, { postingSinceMs: deps.runtime.clock.now() });
    return { payment, wasTried: false };
  });
}

async function askBiller(deps: PaymentDeps, payment: Payment, wasTried: boolean): Promise<PostAnswer> {
  const connector = connectorOf(deps, payment.billerId ?? '');
  if (wasTried) {
    const found = await connector.findByReference(payment.reference);
    if (found.kind !== 'absent') return found;
    // It said before that it had it. To send it again could sell it twice: a person looks, and can have it cancelled.
    if (payment.billerReference !== null) return { kind: 'unknown', description: 'booked before, and not known now' };
  }
  return connector.post(postRequestOf(payment));
}

export function postRequestOf(payment: Payment): PostRequest {
  return {
    reference: payment.reference,
    account: payment.account,
    amount: { amountMinor: payment.amountMinor, currency: payment.currency },
    paidAtMs: payment.collectedAtMs ?? payment.createdAtMs,
    ...(payment.operatorReceipt ? { operatorReceipt: payment.operatorReceipt } : {}),
  };
}

async function keepAnswer(
  deps: PaymentDeps,
  tx: Tx,
  payment: Payment,
  answer: Exclude<PostAnswer, { kind: 'unknown' }>,
): Promise<void> {
  switch (answer.kind) {
    case 'posted':
      return keepPosted(deps, tx, payment, answer);
    case 'rejected':
      if (payment.channel === 'paybill' && answer.why === 'account-not-found') {
        return moveToSuspense(deps, tx, payment, answer.description);
      }
      return oweRefund(deps, tx, payment, answer.why, answer.description);
    default:
      return unreachable(answer);
  }
}

async function keepPosted(deps: PaymentDeps, tx: Tx, payment: Payment, posted: PostedPayment): Promise<void> {
  await keepTokens(deps, tx, payment, posted);
  await book(deps, tx, payment, 'posted', ledgerAccount.payable(payment.billerId ?? ''));
  const cause = { actor: 'biller', reason: posted.billerReference };
  const moved = await movePayment(deps, tx, payment, 'posted', cause, {
    billerReference: posted.billerReference.slice(0, 64),
    units: posted.units?.slice(0, 32) ?? null,
    balanceMinor: posted.balance?.amountMinor ?? null,
    debtTakenMinor: posted.debtTaken?.amountMinor ?? null,
    postedAtMs: deps.runtime.clock.now(),
  });
  await queueReceipt(deps, tx, moved);
}

export async function keepTokens(
  deps: PaymentDeps,
  tx: Tx,
  payment: Payment,
  { tokens }: PostedPayment,
): Promise<void> {
  for (const [index, token] of tokens.entries()) {
    await tx.insert(PaymentTokenSchema, {
      id: deps.runtime.ids.next(),
      paymentId: payment.id,
      position: index + 1,
      tokenKind: token.kind,
      sealedDigits: deps.sealing.seal(token.digits),
      fingerprint: deps.sealing.fingerprint(token.digits),
    });
  }
}

/** The biller will never book it: the money is owed to whoever paid. */
async function oweRefund(deps: PaymentDeps, tx: Tx, payment: Payment, why: string, description: string): Promise<void> {
  await book(deps, tx, payment, 'refund-due', ledgerAccount.owedToCustomers);
  const reason = why === 'refused' ? 'reasons.biller-refused' : `reasons.${why}`;
  const cause = { actor: 'biller', reason: `${why} ${description}` };
  await tellFailure(deps, tx, await movePayment(deps, tx, payment, 'refund-due', cause, { reason }));
}

async function book(deps: PaymentDeps, tx: Tx, payment: Payment, kind: string, credit: string): Promise<void> {
  const amount = { amountMinor: payment.amountMinor, currency: payment.currency };
  await postEntry(deps, tx, {
    kind,
    subjectId: payment.id,
    movements: [{ debit: ledgerAccount.collectedUnposted, credit, amount }],
  });
}
