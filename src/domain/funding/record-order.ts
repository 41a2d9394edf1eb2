import { Refusal } from '../../kernel/index.ts';
import type { Actor } from '../audit/index.ts';
import { type Funding, FundingSchema, type Quotation } from './funding.ts';
import { type FundingDeps, recordFundingAct } from './funding-deps.ts';
import { lockFunding, type WhichFunding } from './move-funding.ts';

const ORDER_NUMBER = /^[\p{L}\p{N}][\p{L}\p{N} ./_#-]{0,39}$/u;

/**
 * The organisation's purchase order for our fee and its tax; one that is there already is replaced, and that is kept. Refuses with
 * `funding.not-found`, `funding.order-number`, `funding.amount`, and `funding.state` (`{state}`) when it was cancelled.
 */
export async function recordOrder(
  deps: FundingDeps,
  actor: Actor,
  { orderNumber: written, orderMinor, ...which }: WhichFunding & { orderNumber: string; orderMinor: bigint },
): Promise<Funding> {
  const orderNumber = written.trim();
  if (!ORDER_NUMBER.test(orderNumber)) throw new Refusal('funding.order-number');
  if (orderMinor < 0n) throw new Refusal('funding.amount');
  return deps.database.transaction(async (tx) => {
    const funding = await lockFunding(tx, which);
    if (funding.state === 'cancelled') throw new Refusal('funding.state', { state: funding.state });
    const change = { orderNumber, orderMinor };
    await tx.update(FundingSchema, { id: funding.id }, change);
    await recordFundingAct(deps, tx, actor, {
      ...{ organisationId: funding.organisationId, act: 'funding.order-recorded' },
      subject: { kind: 'funding', id: funding.id },
      before: { orderNumber: funding.orderNumber, orderMinor: funding.orderMinor },
      after: change,
    });
    return { ...funding, ...change };
  });
}

/** missing: no order was given. unquoted: there is no quotation to hold it against. agrees: it is for our fee and its tax, exactly. differs. */
export type OrderMatch = 'missing' | 'unquoted' | 'agrees' | 'differs';

export function matchOrder(
  { orderNumber, orderMinor }: Pick<Funding, 'orderNumber' | 'orderMinor'>,
  quotation: Pick<Quotation, 'feeMinor' | 'taxMinor'> | undefined,
): OrderMatch {
  if (orderNumber === null) return 'missing';
  if (!quotation) return 'unquoted';
  return orderMinor === quotation.feeMinor + quotation.taxMinor ? 'agrees' : 'differs';
}
