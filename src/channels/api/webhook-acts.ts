import { recordAct } from '../../domain/audit/index.ts';
import { findEndpoint, type WebhookEndpoint } from '../../domain/webhooks/index.ts';
import { Refusal } from '../../kernel/index.ts';
import type { Tx } from '../../platform/database/index.ts';
import type { Act, Answer, Call } from './endpoint.ts';

/** Somebody else's is not there. */
export async function ownWebhook({
  deps,
  organisation,
  params,
}: Call<{ id: string }, unknown, unknown>): Promise<WebhookEndpoint> {
  const endpoint = await findEndpoint(deps, params.id);
  if (endpoint?.ownerKind !== 'organisation' || endpoint.ownerId !== organisation.id) {
    throw new Refusal('request.not-found');
  }
  return endpoint;
}

export const actorOf = ({ key }: Pick<Act<unknown, unknown, unknown>, 'key'>) => `key:${key.id}`;

/** The word of the audit log and the answer, in the transaction of the act. */
export async function commitAct(
  act: Act<unknown, unknown, unknown>,
  tx: Tx,
  endpointId: string,
  name: string,
  answer: Answer,
  said: { reason?: string; before?: Record<string, unknown>; after: Record<string, unknown> },
): Promise<void> {
  const subject = { kind: 'webhook-endpoint', id: endpointId };
  await recordAct(act.deps, tx, { actor: act.actor, act: name, subject, ...said });
  await act.keep(tx, answer);
}
