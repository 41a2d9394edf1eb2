import { Like, MoreThanOrEqual } from 'typeorm';
import type { Msisdn } from '../../kernel/index.ts';
import type { Tx } from '../../platform/database/index.ts';
import { MessageSchema } from './message.ts';

/** How many messages a number was written since an instant: of a kind, or about facts that begin so. */
export function countMessages(
  tx: Tx,
  { to, sinceMs, kind, factPrefix }: { to: Msisdn; sinceMs: number; kind?: string; factPrefix?: string },
): Promise<number> {
  return tx.manager.countBy(MessageSchema, {
    recipient: to,
    createdAtMs: MoreThanOrEqual(sinceMs),
    ...(kind === undefined ? {} : { kind }),
    ...(factPrefix === undefined ? {} : { factKey: Like(`${factPrefix}%`) }),
  });
}
