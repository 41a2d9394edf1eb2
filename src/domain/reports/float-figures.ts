import { ledgerAccount } from '../../money/ledger/index.ts';
import { type FloatTieOut, FloatTieOutSchema } from '../settlement/index.ts';
import type { ReportDeps } from './hour-facts.ts';

export interface FloatFigures {
  currency: string;
  /** What we have, by the ledger: at each operator, with what its last statement says, and at the bank. */
  floats: { operator: string; ledgerMinor: bigint; tieOut: FloatTieOut | undefined }[];
  bankMinor: bigint;
  /** What others are owed of it. */
  promised: { kind: PromiseKind; amountMinor: bigint }[];
  promisedMinor: bigint;
  /** What we have less what is promised: below zero something is missing. */
  leftMinor: bigint;
}

/** billers: booked there, to be paid out. collected: to be passed on. suspense: of nobody known. customers: to go back. */
export type PromiseKind = 'billers' | 'collected' | 'suspense' | 'customers';

/**
 * Float against what is promised, now. Sums the movements by hour, from an index that holds the amounts: some thousand rows a year for each
 * account, where the postings would be millions.
 */
export async function floatFigures({ database }: ReportDeps, operators: readonly string[]): Promise<FloatFigures[]> {
  const rows: Record<string, unknown>[] = await database.reader.query(
    'SELECT account, currency, SUM(amount_minor) AS balance FROM hour_movements GROUP BY account, currency',
  );
  const currencies = [...new Set(rows.map(({ currency }) => String(currency)))].sort();
  return Promise.all(
    currencies.map(async (currency) => {
      const balances = new Map(
        rows
          .filter((row) => row.currency === currency)
          .map(({ account, balance }) => [String(account), BigInt(String(balance))]),
      );
      const floats = await Promise.all(
        operators.map(async (operator) => {
          const order = { madeAtMs: 'DESC', id: 'DESC' } as const;
          const [tieOut] = await database.reader.find(FloatTieOutSchema, {
            where: { operator, currency },
            order,
            take: 1,
          });
          return { operator, ledgerMinor: balances.get(ledgerAccount.float(operator)) ?? 0n, tieOut };
        }),
      );
      return summed(currency, balances, floats);
    }),
  );
}

function summed(currency: string, balances: ReadonlyMap<string, bigint>, floats: FloatFigures['floats']): FloatFigures {
  const owed = (account: string) => -(balances.get(account) ?? 0n);
  const billers = [...balances.keys()].filter((account) => account.startsWith(ledgerAccount.payable('')));
  const promised: FloatFigures['promised'] = [
    { kind: 'billers', amountMinor: billers.reduce((sum, account) => sum + owed(account), 0n) },
    { kind: 'collected', amountMinor: owed(ledgerAccount.collectedUnposted) },
    { kind: 'suspense', amountMinor: owed(ledgerAccount.suspense) },
    { kind: 'customers', amountMinor: owed(ledgerAccount.owedToCustomers) },
  ];
  const bankMinor = balances.get(ledgerAccount.bank) ?? 0n;
  const promisedMinor = promised.reduce((sum, { amountMinor }) => sum + amountMinor, 0n);
  const haveMinor = floats.reduce((sum, { ledgerMinor }) => sum + ledgerMinor, bankMinor);
  return { currency, floats, bankMinor, promised, promisedMinor, leftMinor: haveMinor - promisedMinor };
}
