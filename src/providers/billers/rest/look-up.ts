import { businessDay, startOfDay } from '../../../kernel/index.ts';
import type { LookupAnswer } from '../contract.ts';
import { callBiller, describeReply, type RestBillerDeps } from './biller-api.ts';
import { Account, parseSignedMoney, readProblem } from './wire.ts';

export async function lookUpAccount(deps: RestBillerDeps, account: string, timeoutMs: number): Promise<LookupAnswer> {
  const startedMs = deps.clock.now();
  const path = `/accounts/${encodeURIComponent(account)}`;
  const reply = await callBiller(deps, 'biller-lookup', { method: 'GET', path, timeoutMs });
  if (reply.kind === 'none') {
    // A timer may fire a few milliseconds early by the clock.
    const timedOut = deps.clock.now() - startedMs >= timeoutMs - 10;
    return { kind: 'unknown', timedOut, description: reply.description };
  }
  const unusable: LookupAnswer = { kind: 'unknown', timedOut: false, description: describeReply(reply) };
  if (reply.status === 404 && readProblem(reply.json).reason === 'account-not-found') return { kind: 'not-found' };
  return reply.status === 200 ? (readAccount(deps, account, reply.json) ?? unusable) : unusable;
}

function readAccount(deps: RestBillerDeps, asked: string, json: unknown): LookupAnswer | undefined {
  const read = Account.safeParse(json);
  if (!read.success || read.data.currency !== deps.currency) return undefined;
  // An answer about another account, from a confused cache, must not be shown to this customer.
  if (read.data.account !== undefined && read.data.account !== asked) return undefined;
  if (read.data.status === 'closed') return { kind: 'closed' };
  const due = parseSignedMoney(read.data.due, deps.currency);
  if (due === undefined) return undefined;
  const dueDateMs =
    read.data.dueDate === undefined ? undefined : dayToEpochMs(read.data.dueDate, deps.timeZone ?? 'UTC');
  return {
    kind: 'found',
    account: asked,
    holderName: read.data.holderName,
    due,
    ...(dueDateMs !== undefined && { dueDateMs }),
  };
}

/** The first instant of a calendar day of the biller. */
function dayToEpochMs(day: string, timeZone: string): number | undefined {
  // Noon in UTC lies in the same calendar day, or in one beside it, everywhere.
  const noon = Date.parse(`${day}T12:00:00Z`);
  for (const candidate of [noon, noon - 86_400_000, noon + 86_400_000]) {
    if (businessDay(candidate, timeZone) === day) return startOfDay(candidate, timeZone);
  }
  return undefined;
}
