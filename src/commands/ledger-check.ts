import { formatDecimal } from '../kernel/index.ts';
import { isBalanced, type TrialBalance, trialBalance } from '../money/ledger/index.ts';
import { withDatabase } from './with-database.ts';

// `npm run ledger:check`: prints the trial balance; exits with 1 on any imbalance, and where there is no ledger to check.
await withDatabase(async (database) => {
  const balance = await trialBalance(database).catch((error: unknown) => {
    // SQLite and MariaDB each have words of their own for it.
    if (!/no such table|doesn't exist/.test(String(error))) throw error;
    throw new Error('there is no ledger yet. Start Malipo once, or run `npm run migrate`.', { cause: error });
  });
  process.stdout.write(`${render(balance)}\n`);
  if (!isBalanced(balance)) process.exitCode = 1;
});

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
