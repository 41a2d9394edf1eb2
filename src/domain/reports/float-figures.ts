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

/**
 * billers: booked there, to be paid out. collected: to be passed on. suspense: of nobody known. customers: to go back. organisations: brought to pay people from, with
 * what of it is set aside. tax: on our fees.
 */
export type PromiseKind = 'billers' | 'collected' | 'suspense' | 'customers' | 'organisations' | 'tax';

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
          return { operator, ledgerMinor: atOperator(balances, operator), tieOut };
        }),
      );
      return summed(currency, balances, floats);
    }),
  );
}

/** On our account, and on those that organisations have for themselves: what is promised to them counts both. */
function atOperator(balances: ReadonlyMap<string, bigint>, operator: string): bigint {
  const ours = ledgerAccount.float(operator);
  return [...balances]
    .filter(([account]) => account === ours || account.startsWith(ledgerAccount.float(operator, '')))
    .reduce((sum, [, balance]) => sum + balance, 0n);
}

function summed(currency: string, balances: ReadonlyMap<string, bigint>, floats: FloatFigures['floats']): FloatFigures {
  const owed = (account: string) => -(balances.get(account) ?? 0n);
  const { payable, organisation, incoming, payoutFees, reserved, tax } = ledgerAccount;
  const owedAt = (...prefixes: readonly string[]) =>
    [...balances.keys()]
      .filter((account) => prefixes.some((prefix) => account.startsWith(prefix)))
      .reduce((sum, account) => sum + owed(account), 0n);
  const brought = [organisation(''), incoming(''), payoutFees(''), reserved('')];
  const promised: FloatFigures['promised'] = [
    { kind: 'billers', amountMinor: owedAt(payable('')) },
    { kind: 'collected', amountMinor: owed(ledgerAccount.collectedUnposted) },
    { kind: 'suspense', amountMinor: owed(ledgerAccount.suspense) },
    { kind: 'customers', amountMinor: owed(ledgerAccount.owedToCustomers) },
    { kind: 'organisations', amountMinor: owedAt(...brought) },
    { kind: 'tax', amountMinor: owed(tax) },
  ];
  const bankMinor = balances.get(ledgerAccount.bank) ?? 0n;
  const promisedMinor = promised.reduce((sum, { amountMinor }) => sum + amountMinor, 0n);
  const haveMinor = floats.reduce((sum, { ledgerMinor }) => sum + ledgerMinor, bankMinor);
  return { currency, floats, bankMinor, promised, promisedMinor, leftMinor: haveMinor - promisedMinor };
}
