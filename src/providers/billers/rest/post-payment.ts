import { formatDecimal, parseMoney } from '../../../kernel/index.ts';
import type { BillerToken, FindAnswer, PostAnswer, PostedPayment, PostRequest } from '../contract.ts';
import { type BillerReply, callBiller, describeReply, type RestBillerDeps } from './biller-api.ts';
import { Payment, parseSignedMoney, readProblem } from './wire.ts';

/** Books, and for a meter sells. The same request may be sent again: the biller knows it by its reference. */
export async function postPayment(deps: RestBillerDeps, request: PostRequest): Promise<PostAnswer> {
  const reply = await callBiller(deps, 'biller-post', {
    method: 'PUT',
    path: `/payments/${encodeURIComponent(request.reference)}`,
    body: {
      account: request.account,
      amount: formatDecimal(request.amount),
      currency: request.amount.currency,
      paidAt: new Date(request.paidAtMs).toISOString(),
      ...(request.operatorReceipt !== undefined && { operatorReceipt: request.operatorReceipt }),
    },
    timeoutMs: deps.timeoutMs,
  });
  return readPostAnswer(deps, request, reply);
}

function readPostAnswer(deps: RestBillerDeps, request: PostRequest, reply: BillerReply): PostAnswer {
  if (reply.kind === 'none') return { kind: 'unknown', description: reply.description };
  if (reply.status === 200 || reply.status === 201) {
    const posted = readPosted(deps, request.reference, reply.json, request);
    return posted ?? { kind: 'unknown', description: describeReply(reply) };
  }
  const { reason, description } = readProblem(reply.json);
  if (reply.status === 422 && (reason === 'account-not-found' || reason === 'account-closed' || reason === 'refused')) {
    return { kind: 'rejected', why: reason, description };
  }
  if (reply.status === 409) {
    // Something else is booked under our reference: people must look, no program can decide it.
    deps.log?.error({ reference: request.reference }, 'biller: another payment is booked under this reference');
    return { kind: 'unknown', description: 'another payment is booked under this reference' };
  }
  return { kind: 'unknown', description: describeReply(reply) };
}

export async function findPayment(deps: RestBillerDeps, reference: string): Promise<FindAnswer> {
  const reply = await callBiller(deps, 'biller-find', {
    method: 'GET',
    path: `/payments/${encodeURIComponent(reference)}`,
    timeoutMs: deps.timeoutMs,
  });
  if (reply.kind === 'none') return { kind: 'unknown', description: reply.description };
  // A bare 404 may come from a proxy on the way; only the biller's own words prove that nothing is booked.
  if (reply.status === 404 && readProblem(reply.json).reason === 'payment-not-found') return { kind: 'absent' };
  const posted = reply.status === 200 ? readPosted(deps, reference, reply.json) : undefined;
  return posted ?? { kind: 'unknown', description: describeReply(reply) };
}

/** The booked payment; undefined when it is not ours, not what was sent, or has an amount that cannot be read exactly. */
function readPosted(
  deps: RestBillerDeps,
  reference: string,
  json: unknown,
  sent?: Pick<PostRequest, 'account' | 'amount'>,
): PostedPayment | undefined {
  const read = Payment.safeParse(json);
  if (!read.success || read.data.reference !== reference || read.data.currency !== deps.currency) return undefined;
  const amount = parseMoney(read.data.amount, deps.currency);
  if (amount === undefined) return undefined;
  if (sent && (sent.account !== read.data.account || sent.amount.amountMinor !== amount.amountMinor)) return undefined;
  const { billerReference, balance, tokens, units, debtTaken } = read.data;
  const balanceMoney = balance === undefined ? undefined : parseSignedMoney(balance, deps.currency);
  const debtMoney = debtTaken === undefined ? undefined : parseMoney(debtTaken, deps.currency);
  if ((balance !== undefined && !balanceMoney) || (debtTaken !== undefined && !debtMoney)) return undefined;
  return {
    kind: 'posted',
    billerReference,
    tokens: keyChangesFirst(tokens ?? []),
    ...(balanceMoney && { balance: balanceMoney }),
    ...(units !== undefined && units !== '' && { units }),
    ...(debtMoney && { debtTaken: debtMoney }),
  };
}

/** A meter takes its new keys before a token made with them; within each kind the biller's order is kept. */
export function keyChangesFirst(tokens: readonly BillerToken[]): BillerToken[] {
  const isKeyChange = (token: BillerToken): boolean => token.kind === 'KEY_CHANGE';
  return [...tokens.filter(isKeyChange), ...tokens.filter((token) => !isKeyChange(token))];
}
