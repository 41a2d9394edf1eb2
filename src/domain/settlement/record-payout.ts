import { Refusal } from '../../kernel/index.ts';
import { ledgerAccount, postEntry } from '../../money/ledger/index.ts';
import type { SettlementDeps } from './deps.ts';
import { entryKind } from './entry-kinds.ts';
import { lockSettlement, type SettlementName } from './find-settlement.ts';
import { moveSettlement } from './move-settlement.ts';
import { isPersonName, samePerson } from './person-name.ts';
import type { Settlement } from './settlement.ts';

/** As a bank's statement, or an operator's, names the transfer. */
const BANK_REFERENCE = /^[\p{L}\p{N}][\p{L}\p{N} ./_-]{2,63}$/u;

/**
 * Finance has paid a signed settlement: debit the biller's account, credit what it was paid from. By another person than the one who
 * signed. The same word twice changes nothing. Refuses with `settlement.not-signed`, `settlement.nothing-owed`, `settlement.same-person`,
 * `settlement.paid-otherwise`, `settlement.name` or `settlement.reference`.
 */
export async function recordPayout(
  deps: SettlementDeps,
  {
    bankReference,
    staff,
    fromOperator,
    ...name
  }: SettlementName & { bankReference: string; staff: string; fromOperator?: string },
): Promise<Settlement> {
  if (!isPersonName(staff)) throw new Refusal('settlement.name', {});
  if (!BANK_REFERENCE.test(bankReference)) throw new Refusal('settlement.reference', {});
  const paidFrom = fromOperator ? ledgerAccount.float(fromOperator) : ledgerAccount.bank;
  return deps.database.transaction(async (tx) => {
    const settlement = await lockSettlement(deps, tx, name);
    const { state, signedBy, netMinor, currency } = settlement;
    if (state === 'paid-out') return sameOrRefuse(settlement, bankReference, paidFrom);
    if (state !== 'signed') throw new Refusal('settlement.not-signed', { state });
    if (netMinor <= 0n) throw new Refusal('settlement.nothing-owed', {});
    if (signedBy === null || samePerson(signedBy, staff)) throw new Refusal('settlement.same-person', {});
    await postEntry(deps, tx, {
      kind: entryKind.paid,
      subjectId: settlement.id,
      movements: [
        {
          debit: ledgerAccount.payable(settlement.billerId),
          credit: paidFrom,
          amount: { amountMinor: netMinor, currency },
        },
      ],
    });
    const cause = { actor: staff, reason: `${bankReference} from ${paidFrom}` };
    const patch = { paidBy: staff, paidAtMs: deps.runtime.clock.now(), paidFrom, bankReference };
    return moveSettlement(deps, tx, settlement, 'paid-out', cause, patch);
  });
}

function sameOrRefuse(settlement: Settlement, bankReference: string, paidFrom: string): Settlement {
  if (settlement.bankReference === bankReference && settlement.paidFrom === paidFrom) return settlement;
  throw new Refusal('settlement.paid-otherwise', { bankReference: settlement.bankReference ?? '' });
}
