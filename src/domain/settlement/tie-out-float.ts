import { IsNull, Not } from 'typeorm';
import { addDays, businessDay, dayWindow, formatDecimal } from '../../kernel/index.ts';
import { accountBalance, ledgerAccount, postEntry } from '../../money/ledger/index.ts';
import type { Tx } from '../../platform/database/index.ts';
import { replaceBreak, type Statement, StatementSchema } from '../reconciliation/index.ts';
import { bookCharges } from './book-charges.ts';
import type { SettlementDeps } from './deps.ts';
import { entryKind } from './entry-kinds.ts';
import { bookedAfter, type FloatScope, unbookedLines, withoutLine } from './explain-float.ts';
import { type FloatTieOut, FloatTieOutSchema } from './float-tie-out.ts';
import { SettlementSchema } from './settlement.ts';
import { settlementTopic } from './topics.ts';

/** What is older than this explains nothing any more: it is a break of its own by then. */
const COMPARED_DAYS = 40;

/**
 * Books the charges of every operator's statements, then ties its float in the ledger out against the balance of its last
 * statement. What nothing explains is a break, `float-differs`, which ends by itself when the difference does. May be repeated: the same
 * figures make no new row.
 */
export async function tieOutFloats(deps: SettlementDeps, { signal }: { signal?: AbortSignal } = {}): Promise<void> {
  for (const { name } of deps.operators.values()) {
    const today = businessDay(deps.runtime.clock.now(), deps.settlementSettings.timeZone);
    const sinceDay = addDays(today, -COMPARED_DAYS);
    const { fromMs: sinceMs } = dayWindow(sinceDay, deps.settlementSettings.timeZone);
    const booked = await bookCharges(deps, { operator: name, sinceDay, sinceMs, signal });
    if (booked > 0) deps.log.info({ operator: name, booked }, 'charges of the operator were booked');
    const statement = await lastStatement(deps, name);
    if (!statement) continue;
    signal?.throwIfAborted();
    await deps.database.transaction((tx) => tieOut(deps, tx, statement));
  }
}

type WithBalance = Statement & { closingMinor: bigint; toMs: number };

async function lastStatement({ database }: SettlementDeps, operator: string): Promise<WithBalance | undefined> {
  const [statement] = await database.reader.find(StatementSchema, {
    where: { side: 'operator', party: operator, state: 'complete', closingMinor: Not(IsNull()), toMs: Not(IsNull()) },
    order: { toMs: 'DESC', startedAtMs: 'DESC' },
    take: 1,
  });
  return statement as WithBalance | undefined;
}

async function tieOut(deps: SettlementDeps, tx: Tx, statement: WithBalance): Promise<void> {
  const before = await lastTieOut(tx, statement);
  const scope = await scopeOf(deps, tx, statement);
  if (!before) await bookOpening(deps, tx, statement, scope);
  const figures = await figuresOf(tx, statement, scope);
  const day = businessDay(scope.asOfMs - 1, deps.settlementSettings.timeZone);
  const made: FloatTieOut = {
    id: deps.runtime.ids.next(),
    operator: statement.party,
    currency: statement.currency,
    statementId: statement.id,
    asOfMs: scope.asOfMs,
    day,
    ...figures,
    madeAtMs: deps.runtime.clock.now(),
  };
  if (before && isSame(before, made)) return;
  await tx.insert(FloatTieOutSchema, made);
  await raiseBreak(deps, tx, made, before);
  await printAgain(deps, tx, made);
}

async function lastTieOut(tx: Tx, { party, currency }: Statement): Promise<FloatTieOut | undefined> {
  const where = { operator: party, currency };
  const order = { madeAtMs: 'DESC', id: 'DESC' } as const;
  const [last] = await tx.manager.find(FloatTieOutSchema, { where, order, take: 1 });
  return last;
}

/** A statement that names no period ends with its last line, which belongs to it. */
async function scopeOf(deps: SettlementDeps, tx: Tx, statement: WithBalance): Promise<FloatScope> {
  const [lines]: { last: unknown }[] = await tx.manager.query(
    'SELECT MAX(at) AS last FROM statement_line WHERE statement_id = ?',
    [statement.id],
  );
  const asOfMs = Math.max(statement.toMs, Number(lines?.last ?? 0) + 1);
  const { timeZone } = deps.settlementSettings;
  const sinceDay = addDays(businessDay(asOfMs, timeZone), -COMPARED_DAYS);
  const { fromMs: sinceMs } = dayWindow(sinceDay, timeZone);
  return { operator: statement.party, currency: statement.currency, asOfMs, sinceDay, sinceMs };
}

type Figures = Omit<FloatTieOut, 'id' | 'operator' | 'currency' | 'statementId' | 'asOfMs' | 'day' | 'madeAtMs'>;

async function figuresOf(tx: Tx, { closingMinor }: WithBalance, scope: FloatScope): Promise<Figures> {
  const { operator, currency } = scope;
  const nowMinor = await accountBalance(tx.manager, ledgerAccount.float(operator), currency);
  const ledgerMinor = nowMinor - (await bookedAfter(tx, scope));
  const { charges, others } = await unbookedLines(tx, scope);
  const waiting = await withoutLine(tx, scope);
  const explained = charges.amountMinor + others.amountMinor - waiting.amountMinor;
  return {
    operatorMinor: closingMinor,
    ledgerMinor,
    unbookedChargesMinor: charges.amountMinor,
    unbookedChargesLines: charges.items,
    unbookedMinor: others.amountMinor,
    unbookedLines: others.items,
    withoutLineMinor: -waiting.amountMinor,
    withoutLineEntries: waiting.items,
    remainderMinor: closingMinor - ledgerMinor - explained,
  };
}

/**
 * The first statement with balances opens the account: what was there before it and is not in the ledger is booked, so that
 * from its first line on every difference is one.
 */
async function bookOpening(deps: SettlementDeps, tx: Tx, statement: WithBalance, scope: FloatScope): Promise<void> {
  const { currency, party, closingMinor, inMinor, outMinor, fromMs } = statement;
  const float = ledgerAccount.float(party);
  const atStart = { ...scope, asOfMs: fromMs ?? scope.asOfMs };
  const inLedger = (await accountBalance(tx.manager, float, currency)) - (await bookedAfter(tx, atStart));
  const missing = closingMinor - inMinor + outMinor - inLedger;
  if (missing === 0n) return;
  const amount = { amountMinor: missing < 0n ? -missing : missing, currency };
  const { openingBalances } = ledgerAccount;
  const [debit, credit] = missing > 0n ? [float, openingBalances] : [openingBalances, float];
  const movements = [{ debit, credit, amount }];
  await postEntry(deps, tx, { kind: entryKind.opening, subjectId: statement.id, movements });
  deps.log.info({ operator: party, amountMinor: String(missing) }, 'the balance before the first statement was booked');
}

function isSame(one: FloatTieOut, other: FloatTieOut): boolean {
  const { id: _, madeAtMs: __, ...figures } = one;
  return Object.entries(figures).every(([name, value]) => other[name as keyof FloatTieOut] === value);
}

/** A difference that stays the same stays one break, whatever statement shows it. */
async function raiseBreak(deps: SettlementDeps, tx: Tx, made: FloatTieOut, before?: FloatTieOut): Promise<void> {
  const { operator: party, currency, remainderMinor, operatorMinor, ledgerMinor, day } = made;
  if ((before?.remainderMinor ?? 0n) === remainderMinor) return;
  const text = (amountMinor: bigint) => formatDecimal({ amountMinor, currency });
  const now = `statement ${text(operatorMinor)}, ledger ${text(ledgerMinor)}, unexplained ${text(remainderMinor)}`;
  const breakType = 'float-differs' as const;
  const about = { side: 'operator', party, day, amountMinor: remainderMinor, currency } as const;
  const found = { breakType, subjectId: made.id, detail: `${party} ${currency}: ${now}`, ...about };
  await replaceBreak(deps, tx, { breakType, party, currency, now }, remainderMinor === 0n ? undefined : found);
}

/** The pages of that day show it: written again while nobody has signed them. */
async function printAgain(deps: SettlementDeps, tx: Tx, { day, id }: FloatTieOut): Promise<void> {
  for (const { id: settlementId, version } of await tx.manager.findBy(SettlementSchema, { day, state: 'drawn-up' })) {
    const payload = { settlementId, version };
    await deps.outbox.emit(tx, { topic: settlementTopic.files, key: `${settlementId}:${id}`, payload });
  }
}
