import { join } from 'node:path';
import { parseArgs } from 'node:util';
import {
  findSettlement,
  listSettlements,
  namesOf,
  recordPayout,
  type Settlement,
  type SettlementName,
  settlementHistory,
  signSettlement,
  verifySettlementFiles,
  writePayoutFiles,
  writeSettlementFiles,
} from '../domain/settlement/index.ts';
import { formatDecimal, isDay, Refusal, systemRuntime } from '../kernel/index.ts';
import { makeLog } from '../platform/log/index.ts';
import { readConfig } from '../wiring/read-config.ts';
import { openService } from '../wiring/service.ts';

const USAGE = `Usage:
  npm run settlements -- list [--biller ID] [--all]           what waits for a person; with --all the last ones of any state
  npm run settlements -- show BILLER DAY                      its figures, its files, and whether they are what was signed
  npm run settlements -- sign BILLER DAY --version N --by NAME --reason TEXT
  npm run settlements -- paid BILLER DAY --reference TEXT --by NAME [--operator mpesa]
                                                              by another person; from the bank, or from the float at an operator
  npm run settlements -- write BILLER DAY                     writes its files again
  npm run settlements -- key                                  the public key by which anybody checks the signatures
BILLER: as menus/billers.yaml has it. DAY: such as 2026-11-20. --currency: where a biller has more than one.
`;

const REFUSALS: Readonly<Record<string, string>> = {
  'settlement.unknown': 'There is no settlement of that biller and day: the night draws it up.',
  'settlement.which-currency': 'The biller has more than one that day: give --currency.',
  'settlement.not-drawn-up': 'It is not waiting for a signature: `show` says how far it is.',
  'settlement.other-version': 'There is another version by now: look at it first.',
  'settlement.not-signed': 'It is not signed yet.',
  'settlement.nothing-owed': 'Nothing is owed by it: it is carried into a later one.',
  'settlement.same-person': 'Whoever signed it cannot record its payment: ask another person.',
  'settlement.paid-otherwise': 'It was paid already, under another reference.',
  'settlement.name': 'Give the name of the person: --by NAME.',
  'settlement.reference': "Give the bank's or operator's reference of the transfer: --reference TEXT.",
};

const MOST_LISTED = 200;

// `npm run settlements`: what each biller is owed for a day, from the figures to the signature and the payment.
const asked = readArguments();
const service = await openService(systemRuntime, readConfig(), makeLog('warn'));
try {
  if (!asked || !(await obey(asked))) {
    process.stderr.write(USAGE);
    process.exitCode = 2;
  }
} catch (error) {
  if (!(error instanceof Refusal)) throw error;
  process.stderr.write(`${REFUSALS[error.code] ?? error.code} Nothing was changed.\n`);
  process.exitCode = 1;
} finally {
  await service.close();
}

function readArguments() {
  const text = { type: 'string' } as const;
  const people = { by: text, reason: text, reference: text, version: text, operator: text } as const;
  const options = { all: { type: 'boolean' }, biller: text, currency: text, ...people } as const;
  try {
    return parseArgs({ options, allowPositionals: true });
  } catch {
    return undefined;
  }
}

async function obey({ values, positionals }: NonNullable<typeof asked>): Promise<boolean> {
  const [command = 'list', billerId, day, ...rest] = positionals;
  if (rest.length > 0) return false;
  if (command === 'key' && billerId === undefined) {
    process.stdout.write(service.deps.settlementSettings.signer.publicKey);
    return true;
  }
  if (command === 'list' && billerId === undefined) return list(values.biller, values.all === true);
  if (billerId === undefined || day === undefined || !isDay(day)) return false;
  const name: SettlementName = { billerId, day, ...(values.currency ? { currency: values.currency } : {}) };
  const { by: staff = '', reason = '', reference: bankReference = '', version, operator } = values;
  switch (command) {
    case 'show':
      break;
    case 'sign':
      if (!/^\d{1,9}$/.test(version ?? '') || reason.trim() === '') return false;
      await signSettlement(service.deps, { ...name, version: Number(version), staff, reason });
      break;
    case 'paid': {
      if (operator !== undefined && !service.deps.operators.has(operator)) return false;
      const from = operator === undefined ? {} : { fromOperator: operator };
      await recordPayout(service.deps, { ...name, bankReference, staff, ...from });
      break;
    }
    case 'write':
      await write(await findSettlement(service.deps, name));
      break;
    default:
      return false;
  }
  return show(name);
}

async function list(billerId: string | undefined, all: boolean): Promise<boolean> {
  const filter = billerId === undefined ? {} : { billerId };
  const found = await listSettlements(service.deps, { ...filter, limit: MOST_LISTED, open: !all });
  for (const one of found) {
    const owed = `${one.currency} ${amount(one, one.netMinor)}`.padStart(18);
    const what = `version ${one.version}, ${one.payments} payments, ${one.openBreaks} open breaks`;
    process.stdout.write(`${one.day}  ${one.billerId.padEnd(24)} ${one.state.padEnd(9)} ${owed}  ${what}\n`);
  }
  process.stdout.write(`${found.length} settlements${found.length === MOST_LISTED ? ' (the newest)' : ''}\n`);
  return true;
}

async function show(name: SettlementName): Promise<boolean> {
  const settlement = await findSettlement(service.deps, name);
  const { id, billerId, day, version, state, currency } = settlement;
  process.stdout.write(`${billerId}  ${day}  version ${version}, ${state}\n`);
  const figures = [
    ['Collected', settlement.collectedMinor],
    ['Reversed', settlement.reversedMinor],
    ['Adjustments', settlement.adjustedMinor],
    ['Brought forward', settlement.carriedMinor],
    ['Fees', -settlement.feesMinor],
    ['Owed', settlement.netMinor],
  ] as const;
  for (const [what, minor] of figures) {
    process.stdout.write(`  ${what.padEnd(16)} ${currency} ${amount(settlement, minor).padStart(16)}\n`);
  }
  for (const { toState, actor, reason, atMs, version: of } of await settlementHistory(service.deps, id)) {
    process.stdout.write(
      `  ${new Date(atMs).toISOString()}  version ${of}  ${toState.padEnd(9)} ${actor}: ${reason}\n`,
    );
  }
  await showFiles(settlement);
  return true;
}

async function showFiles(settlement: Settlement): Promise<void> {
  const { names, problems, agreesWithBooks } = await verifySettlementFiles(service.deps, settlement);
  const path = join(names.directory, names.csv);
  const said = problems.map((problem) =>
    problem.kind === 'signature' ? 'bad signature' : `${problem.kind} ${problem.name}`,
  );
  if (problems.length === 0 && !agreesWithBooks) said.push('they are not what the books say');
  if (said.length > 0) process.exitCode = 1;
  process.stdout.write(
    `  Files ${path} and beside it: ${said.length === 0 ? 'sound, and what the books say' : said.join(', ')}\n`,
  );
  if (settlement.signedAtMs === null || settlement.netMinor <= 0n) return;
  const payout = namesOf(service.deps, settlement, 'payout');
  process.stdout.write(`  Payout instruction ${join(payout.directory, payout.pdf)}\n`);
}

async function write({ id: settlementId, version }: Settlement): Promise<void> {
  await writeSettlementFiles(service.deps, { settlementId, version });
  await writePayoutFiles(service.deps, { settlementId, version });
}

function amount({ currency }: Settlement, amountMinor: bigint): string {
  const absolute = formatDecimal({ amountMinor: amountMinor < 0n ? -amountMinor : amountMinor, currency });
  return amountMinor < 0n ? `-${absolute}` : absolute;
}
