import type { Tx } from '../../platform/database/index.ts';
import { type Actor, recordAct } from '../audit/index.ts';
import {
  askForFiles,
  type FilePart,
  getSettlement,
  type LyingFile,
  namesOf,
  openFile,
  recordPayout,
  type Settlement,
  type SettlementDeps,
  signSettlement,
} from '../settlement/index.ts';
import type { SupportDeps } from './deps.ts';

type Deps = SupportDeps & SettlementDeps;

/** What somebody does about a settlement. */
export interface SettlementAct {
  settlementId: string;
  reason: string;
  /** The person behind the login: two logins of one person are one. */
  personId: string;
  /** His name, as the files print it. */
  name: string;
}

/** Answers for the version that he saw. Refuses with `settlement.*`. */
export async function signFor(deps: Deps, actor: Actor, act: SettlementAct & { version: number }): Promise<void> {
  const { personId, name: staff, version, reason } = act;
  const settlement = await getSettlement(deps, act.settlementId);
  await signSettlement(deps, {
    ...{ ...nameOf(settlement), version, reason, staff, personId },
    alongside: (tx, { netMinor, currency }) =>
      record(deps, tx, actor, act, 'settlement.signed', { version, netMinor, currency }),
  });
}

/** Says that it was paid; another person than who signed. `from`: the operator whose float it came from, else the bank. Refuses with `settlement.*`. */
export async function sayPaid(
  deps: Deps,
  actor: Actor,
  act: SettlementAct & { bankReference: string; from?: string | undefined },
): Promise<void> {
  const { personId, name: staff, bankReference, from } = act;
  const settlement = await getSettlement(deps, act.settlementId);
  await recordPayout(deps, {
    ...{ ...nameOf(settlement), bankReference, staff, personId },
    ...(from === undefined ? {} : { fromOperator: from }),
    alongside: (tx, { paidFrom, netMinor, currency }) =>
      record(deps, tx, actor, act, 'settlement.paid', { bankReference, paidFrom, netMinor, currency }),
  });
}

/** Has its files written once more: the same version gives the same bytes. */
export async function writeFilesAgain(
  deps: Deps,
  actor: Actor,
  act: Pick<SettlementAct, 'settlementId' | 'reason'>,
): Promise<void> {
  const settlement = await getSettlement(deps, act.settlementId);
  const { version } = settlement;
  await askForFiles(deps, settlement, (tx) =>
    record(deps, tx, actor, act, 'settlement.files-written-again', { version }),
  );
}

/** One of its files, to be taken away: that it was is kept. Refuses with `settlement.not-found` and `settlement-file.not-found`. */
export async function takeSettlementFile(
  deps: Deps,
  actor: Actor,
  { settlementId, set, part }: { settlementId: string; set: 'settlement' | 'payout'; part: FilePart },
): Promise<LyingFile & { content: Awaited<ReturnType<typeof openFile>>['content'] }> {
  const settlement = await getSettlement(deps, settlementId);
  const file = await openFile(namesOf(deps, settlement, set), part);
  try {
    const act = { settlementId, reason: '' };
    await deps.database.transaction((tx) =>
      record(deps, tx, actor, act, 'settlement.file-taken', { file: file.name, bytes: file.bytes }),
    );
  } catch (error) {
    file.content.destroy();
    throw error;
  }
  return file;
}

const nameOf = ({ billerId, day, currency }: Settlement) => ({ billerId, day, currency });

function record(
  deps: Deps,
  tx: Tx,
  actor: Actor,
  { settlementId, reason }: Pick<SettlementAct, 'settlementId' | 'reason'>,
  act: string,
  after: Readonly<Record<string, unknown>>,
): Promise<unknown> {
  return recordAct(deps, tx, { actor, act, subject: { kind: 'settlement', id: settlementId }, reason, after });
}
