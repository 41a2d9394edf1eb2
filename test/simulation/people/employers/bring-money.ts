import { ORGANISATION_FUNDED } from '../../../../src/domain/funding/index.ts';
import { LedgerEntrySchema, ledgerAccount, postEntry } from '../../../../src/money/ledger/index.ts';
import type { Service } from '../../../../src/wiring/service.ts';
import { type EmployerDeps, ORGANISATION_ID } from './employer.ts';

export const BROUGHT = 'brought';

/** Money comes: at the operator at once or much later than we are told, which is how a float runs out that the ledger says is there. */
export function bringMoney(deps: EmployerDeps, amountMinor: bigint): void {
  const { brought, core, time, draw, plan, trace } = deps;
  const id = `money-${brought.size + 1}`;
  brought.set(id, amountMinor);
  trace.note(`${amountMinor} is brought as ${id}`);
  trace.count('money brought');
  const arrive = () => void core.operator.books.deposit(amountMinor, '174379', 'KES');
  if (draw.hits(plan.lateMoney)) time.after(Math.round(draw.magnitude(5_000, 600_000)), arrive);
  else arrive();
}

/** Books what was brought and is not booked yet: whoever dies in between finds it again. */
export async function bookMoney({ deps }: Service, { brought }: EmployerDeps): Promise<void> {
  const { database, outbox } = deps;
  for (const [subjectId, amountMinor] of brought) {
    const fact = { kind: BROUGHT, subjectId };
    if (await database.reader.findOne(LedgerEntrySchema, { where: fact })) continue;
    await database.transaction(async (tx) => {
      if (await tx.findOne(LedgerEntrySchema, fact)) return;
      await postEntry(deps, tx, {
        ...fact,
        movements: [
          {
            ...{ debit: ledgerAccount.float('mpesa'), credit: ledgerAccount.organisation(ORGANISATION_ID) },
            amount: { amountMinor, currency: 'KES' },
          },
        ],
      });
      const payload = { organisationId: ORGANISATION_ID };
      await outbox.emit(tx, { topic: ORGANISATION_FUNDED, key: subjectId, payload });
    });
  }
}
