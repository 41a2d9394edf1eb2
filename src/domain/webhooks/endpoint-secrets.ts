import { Refusal } from '../../kernel/index.ts';
import type { Tx } from '../../platform/database/index.ts';
import type { WebhookDeps } from './deps.ts';
import { WebhookSecretSchema } from './endpoint.ts';
import { lockEndpoint, recordChange } from './endpoint-changes.ts';
import { checkSecret, newSecret } from './secrets.ts';

/** Signatures that one request carries at most. */
const MOST_SECRETS = 3;

type AlongsideSecret = (tx: Tx, made: { secret: string; oldEndsAtMs: number }) => Promise<unknown>;

/** Makes a new secret; the one before signs beside it for `overlapMs`. The new one is shown this once. */
export async function rotateSecret(
  deps: WebhookDeps,
  input: { endpointId: string; actor: string; overlapMs?: number; secret?: string; alongside?: AlongsideSecret },
): Promise<{ secret: string; oldEndsAtMs: number }> {
  const { clock, chance } = deps.runtime;
  const secret = input.secret === undefined ? newSecret(chance) : checkSecret(input.secret);
  const oldEndsAtMs = clock.now() + (input.overlapMs ?? deps.webhookSettings.rotationMs);
  await deps.database.transaction(async (tx) => {
    await lockEndpoint(tx, input.endpointId);
    const signing = (await tx.manager.find(WebhookSecretSchema, { where: { endpointId: input.endpointId } })).filter(
      ({ endsAtMs }) => endsAtMs === null || endsAtMs > clock.now(),
    );
    if (signing.length >= MOST_SECRETS) throw new Refusal('webhook.too-many-secrets', { most: MOST_SECRETS });
    for (const { id, endsAtMs } of signing) {
      if (endsAtMs === null || endsAtMs > oldEndsAtMs)
        await tx.update(WebhookSecretSchema, { id }, { endsAtMs: oldEndsAtMs });
    }
    await insertSecret(deps, tx, input.endpointId, secret);
    const reason = `the one before ends ${new Date(oldEndsAtMs).toISOString()}`;
    await recordChange(deps, tx, input.endpointId, 'secret-rotated', { actor: input.actor, reason });
    await input.alongside?.(tx, { secret, oldEndsAtMs });
  });
  return { secret, oldEndsAtMs };
}

/** Since when each secret signs, and until when, the newest first; never the secret itself. */
export async function secretTimes(
  { runtime, database }: Pick<WebhookDeps, 'runtime' | 'database'>,
  endpointId: string,
): Promise<{ createdAtMs: number; endsAtMs: number | null }[]> {
  const now = runtime.clock.now();
  const secrets = await database.reader.find(WebhookSecretSchema, {
    ...{ select: { id: true, createdAtMs: true, endsAtMs: true }, where: { endpointId }, order: { id: 'DESC' } },
  });
  return secrets.filter(({ endsAtMs }) => endsAtMs === null || endsAtMs > now);
}

/** Every secret that signs now, the newest first. */
export async function signingSecrets(deps: WebhookDeps, endpointId: string): Promise<string[]> {
  const now = deps.runtime.clock.now();
  const secrets = await deps.database.reader.find(WebhookSecretSchema, {
    where: { endpointId },
    order: { id: 'DESC' },
  });
  return secrets
    .filter(({ endsAtMs }) => endsAtMs === null || endsAtMs > now)
    .slice(0, MOST_SECRETS)
    .map(({ sealedSecret }) => deps.sealing.open(sealedSecret));
}

export function insertSecret(
  { runtime, sealing }: WebhookDeps,
  tx: Tx,
  endpointId: string,
  secret: string,
): Promise<void> {
  return tx.insert(WebhookSecretSchema, {
    id: runtime.ids.next(),
    endpointId,
    sealedSecret: sealing.seal(secret),
    createdAtMs: runtime.clock.now(),
    endsAtMs: null,
  });
}
