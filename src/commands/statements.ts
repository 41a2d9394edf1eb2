import { parseArgs } from 'node:util';
import {
  fileSource,
  importStatement,
  StatementFaultSchema,
  type StatementParty,
  StatementSchema,
} from '../domain/reconciliation/index.ts';
import { formatDecimal, systemRuntime } from '../kernel/index.ts';
import { makeLog } from '../platform/log/index.ts';
import { readConfig } from '../wiring/read-config.ts';
import { openService } from '../wiring/service.ts';
import { statementParties } from '../wiring/statements.ts';

// `npm run statements -- import FILE --operator mpesa | --biller maji-water`, `npm run statements -- list [--limit 50]`.
// Exits with 1 when a file was refused, with 2 when it was not understood, with 3 when another one is being read.
const USAGE = `Usage: npm run statements -- import FILE --operator NAME | --biller ID
       npm run statements -- list [--limit ROWS]
`;
const PROGRESS_AFTER_MS = 2_000;
const PROGRESS_EVERY_MS = 500;
const SHOWN_FAULTS = 50;

const asked = readArguments();
const service = await openService(systemRuntime, readConfig(), makeLog('error'));
try {
  if (asked.command === 'list') await list(asked.limit);
  else await importFile(asked.file, asked.party);
} finally {
  await service.close();
}

type Asked = { command: 'list'; limit: number } | { command: 'import'; file: string; party: string };

function readArguments(): Asked {
  try {
    const text = { type: 'string' } as const;
    const { values, positionals } = parseArgs({
      args: process.argv.slice(2),
      allowPositionals: true,
      options: { operator: text, biller: text, limit: text },
    });
    const [command = 'list', file, ...rest] = positionals;
    const limit = Number(values.limit ?? 50);
    if (command === 'list' && !file && Number.isInteger(limit) && limit > 0) return { command, limit };
    const party = values.operator ?? values.biller;
    if (command === 'import' && file && party && rest.length === 0) return { command, file, party };
  } catch {
    // An option that there is not: the usage says what there is.
  }
  process.stderr.write(USAGE);
  return process.exit(2);
}

async function importFile(file: string, name: string): Promise<void> {
  const party = await partyOf(name);
  if (!party) return;
  const { deps, runtime } = service;
  const source = await fileSource(file, 'file', party).catch((error: { code?: string; message: string }) => {
    process.stderr.write(`${file}: ${error.code === 'ENOENT' ? 'there is no such file' : error.message}\n`);
    process.exitCode = 2;
  });
  if (!source) return;
  const startedAtMs = runtime.clock.now();
  let shownAtMs = 0;
  const onProgress = (lines: number) => {
    const now = runtime.clock.now();
    if (now - startedAtMs < PROGRESS_AFTER_MS || now - shownAtMs < PROGRESS_EVERY_MS) return;
    shownAtMs = now;
    process.stderr.write(`\r${lines} lines`);
  };
  const result = await importStatement(deps, source, { onProgress });
  if (shownAtMs > 0) process.stderr.write('\r\n');
  if (result.kind === 'busy') {
    process.stderr.write(`${result.problem}\n`);
    process.exitCode = 3;
  } else if (result.kind === 'refused') {
    process.stderr.write(`${file} was refused; nothing of it was taken.\n${result.problem}\n`);
    if (result.statementId) await showFaults(result.statementId);
    process.exitCode = 1;
  } else {
    const { statement, repeated, apart } = result;
    process.stdout.write(
      `${file}: ${statement.lines} lines, ${repeated} of them known before; ${proofOf(statement)}.\n`,
    );
    for (const place of apart) process.stderr.write(`${place}\n`);
    await showFaults(statement.id);
  }
}

async function partyOf(name: string): Promise<StatementParty | undefined> {
  const parties = await statementParties(service);
  const party = parties.find((one) => one.party === name);
  if (!party) {
    const known = parties.map((one) => one.party).join(', ');
    process.stderr.write(`${name} gives no statements as files; these do: ${known}\n`);
    process.exitCode = 2;
  }
  return party;
}

async function showFaults(statementId: string): Promise<void> {
  const faults = await service.deps.database.reader.find(StatementFaultSchema, {
    where: { statementId },
    order: { lineNo: 'ASC' },
    take: SHOWN_FAULTS,
  });
  for (const { lineNo, columnName, reason } of faults) {
    process.stderr.write(`line ${lineNo}${columnName ? `, column "${columnName}"` : ''}: ${reason}\n`);
  }
}

async function list(limit: number): Promise<void> {
  const statements = await service.deps.database.reader.find(StatementSchema, { order: { id: 'DESC' }, take: limit });
  for (const statement of statements) {
    const { party, state, source, fileName, lines, currency, inMinor, outMinor, startedAtMs, problem } = statement;
    const at = new Date(startedAtMs).toISOString().slice(0, 19);
    const [come, gone] = [inMinor, outMinor].map((amountMinor) => formatDecimal({ amountMinor, currency }));
    const what =
      state === 'complete' ? `${lines} lines, in ${come}, out ${gone}, ${proofOf(statement)}` : (problem ?? '');
    process.stdout.write(
      `${at}  ${party.padEnd(14)} ${source.padEnd(7)} ${state.padEnd(8)} ${fileName ?? ''}  ${what}\n`,
    );
  }
  process.stdout.write(`${statements.length} statements\n`);
}

function proofOf({ proof, faults }: { proof: string | null; faults: number }): string {
  const unread = faults > 0 ? `, ${faults} rows could not be read` : '';
  return `${proof === 'none' ? 'proves nothing about what is not in it' : `whole by ${proof}`}${unread}`;
}
