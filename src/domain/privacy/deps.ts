import type { Msisdn } from '../../kernel/index.ts';
import type { Sealing } from '../../platform/sealing/index.ts';
import type { Tallies } from '../../platform/tallies/index.ts';
import type { ApprovalBands, ApprovalDeps } from '../approvals/index.ts';
import type { AuditDeps } from '../audit/index.ts';
import type { MessageDeps } from '../messages/index.ts';

/** What carries an erasure out. */
export interface ErasureDeps extends ApprovalDeps, AuditDeps, Pick<MessageDeps, 'senderNames'> {
  sealing: Sealing;
  tallies: Tallies;
}

/** What staff do about erasures. */
export interface ErasureActDeps extends ErasureDeps {
  approvalBands: ApprovalBands;
}

/** Of the approvals that are asked for here, and of their file. */
export const ERASURE = 'erasure';

/** Work of this folder; payload `{erasureId}`. */
export const erasureTopic = { carryOut: 'erasure.carry-out' } as const;

export const numberHashOf = ({ sealing }: Pick<ErasureDeps, 'sealing'>, msisdn: Msisdn): string =>
  sealing.fingerprint(`erasure of ${msisdn}`);
