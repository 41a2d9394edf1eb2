import type { Database } from '../../platform/database/index.ts';

export interface TrialBalance {
  /** Debit positive, credit negative, in minor units. */
  accounts: { account: string; currency: string; balanceMinor: bigint; postings: number }[];
  /** Currencies whose postings do not sum to zero. */
  unbalanced: { currency: string; sumMinor: bigint }[];
  /** Entries whose own postings do not sum to zero, or that have none: at most 100 of them. */
  brokenEntries: string[];
}

const MOST_BROKEN = 100;

/** Sums the whole ledger. Reads every posting: for the command line and the tests, not for a page. */
export async function trialBalance(database: Database): Promise<TrialBalance> {
  const { reader } = database;
  const rows: { account: string; currency: string; total: unknown; postings: unknown }[] = await reader.query(
    'SELECT account, currency, SUM(amount_minor) AS total, COUNT(*) AS postings FROM ledger_posting GROUP BY account, currency ORDER BY account, currency',
  );
  const accounts = rows.map((row) => ({
    account: row.account,
    currency: row.currency,
    balanceMinor: BigInt(String(row.total)),
    postings: Number(row.postings),
  }));
  const sums = new Map<string, bigint>();
  for (const { currency, balanceMinor } of accounts) sums.set(currency, (sums.get(currency) ?? 0n) + balanceMinor);
  const broken: { id: string }[] = await reader.query(
    `SELECT e.id AS id FROM ledger_entry e LEFT JOIN ledger_posting p ON p.entry_id = e.id
     GROUP BY e.id, p.currency HAVING COUNT(p.id) = 0 OR SUM(p.amount_minor) <> 0 LIMIT ${MOST_BROKEN}`,
  );
  const orphans: { id: string }[] = await reader.query(
    `SELECT p.entry_id AS id FROM ledger_posting p LEFT JOIN ledger_entry e ON e.id = p.entry_id
     WHERE e.id IS NULL LIMIT ${MOST_BROKEN}`,
  );
  return {
    accounts,
    unbalanced: [...sums]
      .filter(([, sumMinor]) => sumMinor !== 0n)
      .map(([currency, sumMinor]) => ({ currency, sumMinor })),
    brokenEntries: [...broken, ...orphans].map((row) => row.id),
  };
}

export function isBalanced(balance: TrialBalance): boolean {
  return balance.unbalanced.length === 0 && balance.brokenEntries.length === 0;
}
