import { In } from 'typeorm';
import type { Msisdn } from '../../kernel/index.ts';
import type { Database } from '../../platform/database/index.ts';
import { type ErasureDeps, numberHashOf } from './deps.ts';
import { type Erasure, ErasureSchema } from './erasure.ts';

type Deps = Pick<ErasureDeps, 'database' | 'sealing'>;

/** The last erasure of a number that was carried out or may be; undefined where there is none. */
export async function erasureOf(deps: Deps, msisdn: Msisdn): Promise<Erasure | undefined> {
  const where = { numberHash: numberHashOf(deps, msisdn), state: In(['proposed', 'granted', 'running', 'done']) };
  const [last] = await deps.database.reader.find(ErasureSchema, { where, order: { proposedAtMs: 'DESC' }, take: 1 });
  return last;
}

/** Those that these approvals are about. */
export async function erasuresOfApprovals({ reader }: Database, approvalIds: readonly string[]): Promise<Erasure[]> {
  if (approvalIds.length === 0) return [];
  return reader.findBy(ErasureSchema, { approvalId: In([...approvalIds]) });
}

/** Whose it is, as long as that is known. */
export function numberOfErasure(
  { sealing }: Pick<ErasureDeps, 'sealing'>,
  { sealedNumber }: Erasure,
): Msisdn | undefined {
  return sealedNumber === null ? undefined : (sealing.open(sealedNumber) as Msisdn);
}
