import type { ActionContext, ActionResult } from './action.ts';

/**
 * What stands between a customer and his own things: his service PIN, or its lock, which is said before a PIN is asked for in
 * vain. Undefined when nothing does.
 */
export async function askPin({ domain, msisdn, variables }: ActionContext): Promise<ActionResult | undefined> {
  if (variables.unlocked === 'yes') return undefined;
  const customer = await domain.findCustomer({ msisdn });
  if (!customer?.hasPin) return undefined;
  const { pinLockedUntilMs } = customer;
  return pinLockedUntilMs === undefined
    ? { outcome: 'pin' }
    : { outcome: 'locked', set: { lockedUntil: pinLockedUntilMs } };
}
