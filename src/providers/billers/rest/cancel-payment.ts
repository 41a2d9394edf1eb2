import type { CancelAnswer } from '../contract.ts';
import { callBiller, describeReply, type RestBillerDeps } from './biller-api.ts';
import { Cancellation, readProblem } from './wire.ts';

/** The same request may be sent again: the biller knows it by its reference. */
export async function cancelPayment(deps: RestBillerDeps, reference: string): Promise<CancelAnswer> {
  const reply = await callBiller(deps, 'biller-cancel', {
    method: 'POST',
    path: `/payments/${encodeURIComponent(reference)}/cancel`,
    timeoutMs: deps.timeoutMs,
  });
  if (reply.kind === 'none') return { kind: 'unknown', description: reply.description };
  if (reply.status === 200) {
    const read = Cancellation.safeParse(reply.json);
    // An answer about another payment proves nothing about this one.
    if (read.success && read.data.reference === reference) return { kind: read.data.outcome };
  }
  const { reason, description } = readProblem(reply.json);
  if (reply.status === 422 && reason === 'refused') return { kind: 'refused', description };
  return { kind: 'unknown', description: describeReply(reply) };
}
