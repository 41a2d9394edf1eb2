import { announce } from './announce.ts';
import type { WebhookDeps } from './deps.ts';

/** News that a biller's day is settled; amounts are decimal texts. */
export interface SettlementReady {
  settlementId: string;
  billerId: string;
  [detail: string]: unknown;
}

/** Work of the settlement's news: tells the biller once. */
export async function onSettlementReady(
  deps: Pick<WebhookDeps, 'runtime' | 'database'>,
  { billerId, ...data }: SettlementReady,
): Promise<void> {
  await deps.database.transaction((tx) =>
    announce(deps, tx, {
      ownerKind: 'biller',
      ownerId: billerId,
      eventType: 'settlement.ready',
      factKey: `settlement.ready:${data.settlementId}`,
      data,
    }),
  );
}
