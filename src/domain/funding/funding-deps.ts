import type { Database, Tx } from '../../platform/database/index.ts';
import type { Outbox } from '../../platform/outbox/index.ts';
import { type Actor, type AuditDeps, recordAct } from '../audit/index.ts';
import type { PayoutRules } from './payout-rules.ts';

export interface FundingDeps extends AuditDeps {
  database: Database;
  outbox: Outbox;
  payoutRules: PayoutRules;
  fundingSettings: FundingSettings;
}

export interface FundingSettings {
  /** Of business days. */
  timeZone: string;
  /** As papers name us. */
  ourName: string;
}

/** News for whoever is above: an organisation may spend more than before. `{organisationId}`. */
export const ORGANISATION_FUNDED = 'organisation.funded';

/** Somebody who is signed in: an act, and the person behind the login. */
export interface Doer {
  actor: Actor;
  personId: string;
}

/** For events: `staff:<id>`, `key:<id>`. */
export const actorText = ({ kind, id }: Actor): string => `${kind}:${id}`;

/** Among the acts of the organisation whose affair it is, whoever did it. */
export function recordFundingAct(
  deps: AuditDeps,
  tx: Tx,
  actor: Actor,
  act: {
    organisationId: string;
    act: string;
    subject: { kind: 'funding' | 'quotation'; id: string };
    reason?: string;
    before?: Readonly<Record<string, unknown>>;
    after?: Readonly<Record<string, unknown>>;
  },
): Promise<unknown> {
  const { organisationId: scope, ...rest } = act;
  return recordAct(deps, tx, { ...rest, actor, scope });
}
