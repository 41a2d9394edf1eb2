import { parseArgs } from 'node:util';
import { type Doer, NotABankStatement, readBankStatement, type StatementReport } from '../domain/funding/index.ts';
import { HOUSE, rolesOf, StaffMemberSchema } from '../domain/staff/index.ts';
import { systemRuntime } from '../kernel/index.ts';
import { makeLog } from '../platform/log/index.ts';
import { UnreadableTable } from '../platform/tables/index.ts';
import { readConfig } from '../wiring/read-config.ts';
import { openService } from '../wiring/service.ts';

// `npm run bank-statement -- FILE --by EMAIL`: takes the money of organisations that came to our bank.
// Exits with 1 when the file was refused or a person must look at a line, with 2 when it was not understood.
const USAGE = 'Usage: npm run bank-statement -- FILE --by EMAIL-OF-A-LOGIN\n';
/** Of the house's, who answer for money. */
const MAY_READ = ['finance', 'administrator'] as const;

const asked = readArguments();
const service = await openService(systemRuntime, readConfig(), makeLog('error'));
try {
  await run(asked);
} finally {
  await service.close();
}

function readArguments(): { file: string; by: string } {
  try {
    const { values, positionals } = parseArgs({
      args: process.argv.slice(2),
      allowPositionals: true,
      options: { by: { type: 'string' } },
    });
    const [file, ...rest] = positionals;
    if (file && values.by && rest.length === 0) return { file, by: values.by };
  } catch {
    // An option that there is not: the usage says what there is.
  }
  process.stderr.write(USAGE);
  return process.exit(2);
}

async function run({ file, by }: { file: string; by: string }): Promise<void> {
  const reader = await readerOf(by);
  if (!reader) {
    process.stderr.write(`${by} is no active login of ours with the role ${MAY_READ.join(' or ')}\n`);
    process.exitCode = 2;
    return;
  }
  try {
    const { currency } = service.config.business;
    print(await readBankStatement(service.deps, reader, { path: file, currency }));
  } catch (error) {
    const isMissing = (error as { code?: string }).code === 'ENOENT';
    if (!isMissing && !(error instanceof UnreadableTable) && !(error instanceof NotABankStatement)) throw error;
    const why = isMissing ? 'there is no such file' : (error as Error).message;
    process.stderr.write(`${file} was refused; nothing of it was taken.\n${why}\n`);
    process.exitCode = isMissing ? 2 : 1;
  }
}

/** The person behind the login: money that he himself claimed is not confirmed by what he reads. */
async function readerOf(email: string): Promise<Doer | undefined> {
  const where = { email: email.trim().toLowerCase(), scope: HOUSE, state: 'active' as const };
  const member = await service.deps.database.reader.findOneBy(StaffMemberSchema, where);
  if (!member || !rolesOf(member).some((role) => (MAY_READ as readonly string[]).includes(role))) return undefined;
  return { actor: { kind: 'command', id: member.id, address: '', scope: HOUSE }, personId: member.personId };
}

/** Said of what is not simply confirmed, or known. */
const WORDS: Readonly<Record<string, string>> = {
  banked: 'its money is at the bank',
  before: 'was known before',
  amount: 'another amount than was announced',
  cancelled: 'was given up',
  'own-claim': 'you said yourself that it came: another person must confirm it',
  twice: 'stands twice in this file: its money may have come twice',
  unknown: 'no announced money has this reference',
  unreadable: 'no day (2026-12-31), reference or amount (1250.00)',
};
const NEEDS_NOBODY: readonly string[] = ['banked', 'before'];

function print({ counts, shown }: StatementReport): void {
  for (const { lineNo, day, reference, amount, fate } of shown) {
    process.stdout.write(`line ${lineNo}  ${day}  ${reference}  ${amount}  ${WORDS[fate]}\n`);
  }
  const all = Object.values(counts).reduce((sum, count) => sum + count, 0);
  const { banked = 0, before = 0, out = 0 } = counts;
  const open = all - banked - before - out;
  process.stdout.write(
    `${all} lines: ${banked} confirmed, ${before} known before, ${out} went out, ${open} for a person\n`,
  );
  if (shown.some(({ fate }) => !NEEDS_NOBODY.includes(fate))) process.exitCode = 1;
}
