import type Router from '@koa/router';
import type { Context } from 'koa';
import { type CallbackGuard, HttpError, readJson } from '../../platform/http/index.ts';
import type { Inbox } from '../../platform/inbox/index.ts';
import type {
  CollectionOperator,
  PaybillValidation,
  PayoutOperator,
  ValidationRefusal,
} from '../../providers/operators/index.ts';

export interface CallbackDeps {
  guard: CallbackGuard;
  inbox: Inbox;
  operator: CollectionOperator;
  /** The side that pays people. */
  payouts: PayoutOperator;
  /** Kinds under which messages are kept, so that their handlers find them. */
  inboxKinds: {
    collectCallback: string;
    paybillConfirmation: string;
    statusResult: string;
    statusTimeout: string;
    reversalResult: string;
    reversalTimeout: string;
    payoutResult: string;
    payoutTimeout: string;
    balanceResult: string;
    balanceTimeout: string;
  };
  /** From local data alone: the operator waits, and the customer with it. */
  validatePaybill(validation: PaybillValidation): Promise<ValidationRefusal | undefined>;
  observe(kind: string, outcome: 'stored' | 'repeat' | 'refused'): void;
}

/** One TEXT column of MariaDB; no operator's message comes near it. */
const LARGEST_KEPT_BYTES = 65_535;

/**
 * Where the operator tells us what happened. A message of the right shape is stored before it is answered, and acted on
 * afterwards; one of another shape is refused and leaves nothing behind. `:key` is the secret of the address.
 */
export function addDarajaRoutes(router: Router, deps: CallbackDeps): void {
  const { operator, payouts, inboxKinds } = deps;
  const base = '/callbacks/daraja/:key';
  const { answers } = operator;

  const isCollectCallback = (body: unknown) => operator.parseCollectCallback(body) !== undefined;
  const isStatusResult = (body: unknown) => operator.parseStatusResult(body) !== undefined;
  const isReversalResult = (body: unknown) => operator.parseReversalResult(body) !== undefined;
  const isPayoutResult = (body: unknown) => payouts.isPayoutResult(body);
  const isPayoutTimeout = (body: unknown) => payouts.parsePayoutTimeout(body) !== undefined;
  const isConfirmation = (body: unknown) => operator.parsePaybillConfirmation(body) !== undefined;
  const isObject = (body: unknown) => typeof body === 'object' && body !== null && !Array.isArray(body);

  const collect = keeper(deps, inboxKinds.collectCallback, isCollectCallback, answers.callbackTaken);
  router.post(`${base}/stk/:token`, collect);
  router.post(`${base}/stk`, collect);
  const result = keeper(deps, inboxKinds.statusResult, isStatusResult, answers.callbackTaken);
  router.post(`${base}/status/result/:token`, result);
  // The operator sends its own request back here, in whatever shape it has.
  const timeout = keeper(deps, inboxKinds.statusTimeout, isObject, answers.callbackTaken);
  router.post(`${base}/status/timeout/:token`, timeout);
  const reversal = keeper(deps, inboxKinds.reversalResult, isReversalResult, answers.callbackTaken);
  router.post(`${base}/reversal/result/:token`, reversal);
  const reversalTimeout = keeper(deps, inboxKinds.reversalTimeout, isObject, answers.callbackTaken);
  router.post(`${base}/reversal/timeout/:token`, reversalTimeout);
  const ofPayouts = { ...deps, operator: payouts };
  const payout = keeper(ofPayouts, inboxKinds.payoutResult, isPayoutResult, answers.callbackTaken);
  router.post(`${base}/b2c/result/:token`, payout);
  const payoutTimeout = keeper(ofPayouts, inboxKinds.payoutTimeout, isPayoutTimeout, answers.callbackTaken);
  router.post(`${base}/b2c/timeout/:token`, payoutTimeout);
  const isBalance = (body: unknown) => payouts.parseBalanceResult(body) !== undefined;
  const balance = keeper(ofPayouts, inboxKinds.balanceResult, isBalance, answers.callbackTaken);
  router.post(`${base}/balance/result/:token`, balance);
  const balanceTimeout = keeper(ofPayouts, inboxKinds.balanceTimeout, isObject, answers.callbackTaken);
  router.post(`${base}/balance/timeout/:token`, balanceTimeout);
  const confirm = keeper(deps, inboxKinds.paybillConfirmation, isConfirmation, answers.confirmationTaken);
  router.post(`${base}/c2b/confirmation`, confirm);
  router.post(`${base}/c2b/validation`, validator(deps));
}

type Handler = (ctx: Context & { params: Record<string, string> }) => Promise<void>;

function keeper(
  {
    guard,
    inbox,
    operator,
    observe,
  }: Pick<CallbackDeps, 'guard' | 'inbox' | 'observe'> & { operator: { name: string } },
  kind: string,
  fits: (body: unknown) => boolean,
  answer: () => unknown,
): Handler {
  return async (ctx) => {
    guard(ctx, ctx.params.key);
    const { value, raw } = await readJson(ctx);
    if (!fits(value)) {
      observe(kind, 'refused');
      throw new HttpError(400, 'not of the expected shape');
    }
    if (Buffer.byteLength(raw) > LARGEST_KEPT_BYTES) throw new HttpError(413);
    // Ours are lowercase hex. Another was never given out, and could hold what a store refuses (a NUL): what came to it is kept
    // under a name that fits no transfer.
    const given = ctx.params.token;
    const token = given === undefined || /^[0-9a-f]{1,64}$/.test(given) ? given : 'not-ours';
    const isNew = await inbox.keep({
      provider: operator.name,
      kind,
      body: raw,
      ...(token === undefined ? {} : { token }),
    });
    observe(kind, isNew ? 'stored' : 'repeat');
    ctx.body = answer();
  };
}

function validator({ guard, operator, validatePaybill, observe }: CallbackDeps): Handler {
  return async (ctx) => {
    guard(ctx, ctx.params.key);
    const { value } = await readJson(ctx);
    const validation = operator.parsePaybillValidation(value);
    if (!validation) {
      observe('validation', 'refused');
      throw new HttpError(400, 'not of the expected shape');
    }
    const refusal = await validatePaybill(validation);
    ctx.body = refusal ? operator.answers.validationRefused(refusal) : operator.answers.validationAccepted();
  };
}
