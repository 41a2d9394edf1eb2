import { invariant, Refusal } from '../../kernel/index.ts';
import { ledgerAccount, postEntry } from '../../money/ledger/index.ts';
import type { Tx } from '../../platform/database/index.ts';
import type { SettlementDeps } from './deps.ts';
import { entryKind } from './entry-kinds.ts';
import { lockSettlement, type SettlementName } from './find-settlement.ts';
import { moveSettlement } from './move-settlement.ts';
import type { Settlement } from './settlement.ts';
import { type GivenSignatory, maySamePerson, signatoryOf } from './signatory.ts';

/** As a bank's statement, or an operator's, names the transfer. */
const BANK_REFERENCE = /^[\p{L}\p{N}][\p{L}\p{N} ./_-]{2,63}$/u;

/**
 * Finance has paid a signed settlement: debit the biller's account, credit what it was paid from. By another person than the one who
 * signed. The same word twice changes nothing. `alongside` is committed with the change. Refuses with `settlement.not-signed`, `settlement.nothing-owed`, `settlement.same-person`,
 * `settlement.paid-otherwise`, `settlement.name` or `settlement.reference`.
 */
export async function recordPayout(
  deps: SettlementDeps,
  {
    bankReference,
    fromOperator,
    alongside,
    staff,
    personId,
    ...name
  }: SettlementName &
    GivenSignatory & {
      bankReference: string;
      fromOperator?: string;
      alongside?: (tx: Tx, paid: Settlement) => Promise<unknown>;
    },
): Promise<Settlement> {
  const by = await signatoryOf(deps, { staff, personId });
  if (!BANK_REFERENCE.test(bankReference)) throw new Refusal('settlement.reference', {});
  const paidFrom = fromOperator ? ledgerAccount.float(fromOperator) : ledgerAccount.bank;
  return deps.database.transaction(async (tx) => {
    const settlement = await lockSettlement(deps, tx, name);
    const { state, netMinor, currency } = settlement;
    if (state === 'paid-out') return sameOrRefuse(settlement, bankReference, paidFrom);
    if (state !== 'signed') throw new Refusal('settlement.not-signed', { state });
    if (netMinor <= 0n) throw new Refusal('settlement.nothing-owed', {});
    invariant(settlement.signedBy !== null, 'what is signed says by whom');
    const signer = { name: settlement.signedBy, personId: settlement.signedPersonId };
    if (await maySamePerson(deps, signer, by)) throw new Refusal('settlement.same-person', { by: signer.name });
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
    const cause = { actor: by.name, reason: `${bankReference} from ${paidFrom}` };
    const payer = { paidBy: by.name, paidPersonId: by.personId, paidAtMs: deps.runtime.clock.now() };
    const paid = await moveSettlement(deps, tx, settlement, 'paid-out', cause, { ...payer, paidFrom, bankReference });
    await alongside?.(tx, paid);
    return paid;
  });
}

function sameOrRefuse(settlement: Settlement, bankReference: string, paidFrom: string): Settlement {
  if (settlement.bankReference === bankReference && settlement.paidFrom === paidFrom) return settlement;
  throw new Refusal('settlement.paid-otherwise', { bankReference: settlement.bankReference ?? '' });
}
