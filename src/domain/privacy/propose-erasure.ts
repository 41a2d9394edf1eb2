import { createHash } from 'node:crypto';
import { type Msisdn, money, Refusal } from '../../kernel/index.ts';
import { policyFor, submitApproval } from '../approvals/index.ts';
import { type Actor, recordAct } from '../audit/index.ts';
import { ERASURE, type ErasureActDeps, numberHashOf } from './deps.ts';
import { type Erasure, ErasureSchema } from './erasure.ts';
import { openMattersOf } from './open-matters.ts';

export interface ErasureProposal {
  msisdn: Msisdn;
  reason: string;
  /** The person who proposes, not the login: he does not vote. */
  makerId: string;
}

/**
 * Proposes to forget a person; it waits for other people's votes. Refuses with `erasure.open` (`{payments}`: references of what is not
 * over), `erasure.already` (proposed or under way) and `erasure.no-policy`.
 */
export function proposeErasure(deps: ErasureActDeps, actor: Actor, proposal: ErasureProposal): Promise<Erasure> {
  const { msisdn, reason, makerId } = proposal;
  const { ids, clock } = deps.runtime;
  const bands = deps.approvalBands.get(ERASURE);
  const policy = bands && policyFor(bands, money(0n, bands.currency));
  if (!policy) throw new Refusal('erasure.no-policy');
  return deps.database.transaction(async (tx) => {
    await refuseOpen(deps, tx.manager, msisdn);
    const [id, numberHash, now] = [ids.next(), numberHashOf(deps, msisdn), clock.now()];
    const subjectHash = createHash('sha256').update(`${id}\n${numberHash}`).digest('hex');
    const approval = await submitApproval(deps, tx, {
      ...{ kind: ERASURE, subjectId: id, subjectHash, scope: actor.scope, policy, makerId, reason },
    });
    const erasure: Erasure = {
      ...{ id, numberHash, pendingKey: numberHash, sealedNumber: deps.sealing.seal(msisdn) },
      ...{ pseudonym: null, boundaryId: null, step: '', place: '', changedRows: 0, state: 'proposed' },
      ...{ approvalId: approval.id, reason: reason.slice(0, 500), proposedBy: actor.id },
      ...{ proposedAtMs: now, changedAtMs: now },
    };
    if (!(await tx.insertOnce(ErasureSchema, erasure))) throw new Refusal('erasure.already');
    await recordAct(deps, tx, { actor, act: 'erasure.proposed', subject: { kind: ERASURE, id }, reason });
    return erasure;
  });
}

/** Refuses with `erasure.open` while something of the person is not over. */
export async function refuseOpen(
  { runtime }: Pick<ErasureActDeps, 'runtime'>,
  reader: Parameters<typeof openMattersOf>[0],
  msisdn: Msisdn,
): Promise<void> {
  const { references } = await openMattersOf(reader, { msisdn, nowMs: runtime.clock.now() });
  if (references.length > 0) throw new Refusal('erasure.open', { payments: references.join(', ') });
}
