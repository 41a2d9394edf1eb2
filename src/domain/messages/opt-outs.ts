import type { EntityManager } from 'typeorm';
import type { Msisdn } from '../../kernel/index.ts';
import type { Tx } from '../../platform/database/index.ts';
import type { MessageDeps } from './deps.ts';
import { SmsOptOutSchema } from './message.ts';

type Deps = Pick<MessageDeps, 'senderNames'>;

/** Whether the network told that this number has blocked the sender name of reminders. */
export async function isOptedOut({ senderNames }: Deps, reader: EntityManager, msisdn: Msisdn): Promise<boolean> {
  const senderName = senderNames.reminders;
  return senderName !== undefined && (await reader.existsBy(SmsOptOutSchema, { msisdn, senderName }));
}

/** Forgets that; whether there was anything to forget. */
export async function clearOptOut({ senderNames }: Deps, tx: Tx, msisdn: Msisdn): Promise<boolean> {
  const senderName = senderNames.reminders;
  if (senderName === undefined) return false;
  return ((await tx.manager.delete(SmsOptOutSchema, { msisdn, senderName })).affected ?? 0) > 0;
}
