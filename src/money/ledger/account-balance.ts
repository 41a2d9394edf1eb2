import type { EntityManager } from 'typeorm';

/** What an account holds in a currency: a debit is positive. Sums its postings, from the index alone. */
export async function accountBalance(manager: EntityManager, account: string, currency: string): Promise<bigint> {
  const [row]: { total: unknown }[] = await manager.query(
    'SELECT SUM(amount_minor) AS total FROM ledger_posting WHERE account = ? AND currency = ?',
    [account, currency],
  );
  return BigInt(String(row?.total ?? 0));
}
