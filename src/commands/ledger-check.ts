import { schema } from '../../ormconfig.ts';
import { formatDecimal, systemRuntime } from '../kernel/index.ts';
import { isBalanced, type TrialBalance, trialBalance } from '../money/ledger/index.ts';
import { openDatabase } from '../platform/database/index.ts';

// `npm run ledger:check`: prints the trial balance; exits with 1 on any imbalance.
const { DATABASE_URL, DATA_DIR } = process.env;
const database = await openDatabase(
  systemRuntime,
  { databaseUrl: DATABASE_URL || undefined, dataDir: DATA_DIR || 'var' },
  schema,
);
const balance = await trialBalance(database);
await database.close();
process.stdout.write(`${render(balance)}\n`);
if (!isBalanced(balance)) process.exitCode = 1;

function render({ accounts, unbalanced, brokenEntries }: TrialBalance): string {
  const lines = accounts.map(({ account, currency, balanceMinor, postings }) => {
    const absolute = formatDecimal({ amountMinor: balanceMinor < 0n ? -balanceMinor : balanceMinor, currency });
    const debit = balanceMinor > 0n ? absolute : '';
    const credit = balanceMinor < 0n ? absolute : '';
    return `${account.padEnd(28)} ${currency} ${debit.padStart(18)} ${credit.padStart(18)} ${String(postings).padStart(9)}`;
  });
  const head = `${'Account'.padEnd(28)}     ${'Debit'.padStart(18)} ${'Credit'.padStart(18)} ${'Postings'.padStart(9)}`;
  const faults = [
    ...unbalanced.map(({ currency, sumMinor }) => `NOT BALANCED: ${currency} sums to ${sumMinor} minor units`),
    ...brokenEntries.map((id) => `NOT BALANCED: entry ${id}`),
  ];
  const verdict = faults.length === 0 ? ['Balanced: every entry and every currency sums to zero.'] : faults;
  return [head, ...(lines.length > 0 ? lines : ['(no postings yet)']), '', ...verdict].join('\n');
}
