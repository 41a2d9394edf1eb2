import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { LessThanOrEqual } from 'typeorm';
import { invariant, Refusal } from '../../kernel/index.ts';
import type { Tx } from '../../platform/database/index.ts';
import type { Biller } from '../billers/index.ts';
import type { SettlementDeps } from './deps.ts';
import {
  type FileNames,
  type FileProblem,
  fileNames,
  type PageSetting,
  payoutCsv,
  payoutPdf,
  settlementCsv,
  settlementPdf,
  verifySigned,
} from './files/index.ts';
import { type FloatTieOut, FloatTieOutSchema } from './float-tie-out.ts';
import { type Settlement, SettlementSchema } from './settlement.ts';
import { type SettlementNews, settlementTopic } from './topics.ts';

/**
 * Work of `settlement.files`: writes the lines and the page of a version, whole and signed, or again where they are. A version
 * that was replaced meanwhile has no sums any more: its own files are left as they are.
 */
export async function writeSettlementFiles(deps: SettlementDeps, news: SettlementNews): Promise<FileNames | undefined> {
  const settlement = await versionOf(deps, news);
  if (!settlement) return undefined;
  const biller = deps.billers.get(settlement.billerId);
  const setting = settingOf(deps, biller);
  const names = namesOf(deps, settlement, 'settlement');
  const tieOuts = await tieOutsOf(deps, settlement);
  await deps.writeFiles(names, {
    csv: settlementCsv({ ...setting, database: deps.database }, settlement, biller),
    pdf: (csvHash) => settlementPdf(setting, settlement, biller, { tieOuts, csvName: names.csv, csvHash }),
  });
  return names;
}

/** Work of `settlement.payout-files`: what finance pays a signed settlement by. */
export async function writePayoutFiles(deps: SettlementDeps, news: SettlementNews): Promise<FileNames | undefined> {
  const settlement = await versionOf(deps, news);
  if (!settlement || settlement.signedAtMs === null || settlement.netMinor <= 0n) return undefined;
  const biller = deps.billers.get(settlement.billerId);
  const { bank } = biller;
  if (!bank) {
    deps.log.warn(
      { settlementId: settlement.id },
      'no payout instruction: menus/billers.yaml has no bank for the biller',
    );
    return undefined;
  }
  const names = namesOf(deps, settlement, 'payout');
  await deps.writeFiles(names, {
    csv: [payoutCsv(settlement, bank)],
    pdf: () => payoutPdf(settingOf(deps, biller), settlement, biller, bank),
  });
  return names;
}

export interface Verified {
  names: FileNames;
  problems: FileProblem[];
  /** The lines are what the books say: made anew and compared. Undefined when the files themselves are not sound. */
  agreesWithBooks: boolean | undefined;
}

/** Whether the files of a settlement are what we signed, and what the books still say. */
export async function verifySettlementFiles(deps: SettlementDeps, settlement: Settlement): Promise<Verified> {
  const names = namesOf(deps, settlement, 'settlement');
  const problems = await verifySigned(names, deps.settlementSettings.signer);
  if (problems.length > 0) return { names, problems, agreesWithBooks: undefined };
  const biller = deps.billers.get(settlement.billerId);
  const anew = createHash('sha256');
  const csv = settlementCsv({ ...settingOf(deps, biller), database: deps.database }, settlement, biller);
  for await (const piece of csv) anew.update(piece);
  const sums = await readFile(join(names.directory, names.sums), 'utf8');
  return { names, problems, agreesWithBooks: sums.startsWith(anew.digest('hex')) };
}

/** Has the files of a version written by the worker once more, in the commit that says who wanted it. Refuses with `settlement.not-drawn-up`. */
export async function askForFiles(
  deps: SettlementDeps,
  { id, version, state }: Settlement,
  alongside: (tx: Tx) => Promise<unknown>,
): Promise<void> {
  if (version === 0 || state === 'drawing') throw new Refusal('settlement.not-drawn-up', { state });
  // The first writing has the version's own key, and was done.
  const work = { key: `${id}:${version}:${deps.runtime.ids.next()}`, payload: { settlementId: id, version } };
  await deps.database.transaction(async (tx) => {
    await deps.outbox.emit(tx, { topic: settlementTopic.files, ...work });
    await deps.outbox.emit(tx, { topic: settlementTopic.payoutFiles, ...work });
    await alongside(tx);
  });
}

async function versionOf({ database }: SettlementDeps, news: SettlementNews): Promise<Settlement | undefined> {
  const settlement = await database.reader.findOneBy(SettlementSchema, { id: news.settlementId });
  invariant(settlement, 'work is about a settlement that is there');
  return settlement.version === news.version ? settlement : undefined;
}

export function namesOf(
  { settlementSettings, billers }: SettlementDeps,
  settlement: Settlement,
  set: 'settlement' | 'payout',
): FileNames {
  return fileNames(settlementSettings.directory, settlement, billers.get(settlement.billerId).currency, set);
}

function settingOf(
  { settlementSettings, texts, defaultLanguage, operators }: SettlementDeps,
  biller: Biller,
): PageSetting {
  return {
    texts,
    language: defaultLanguage,
    ourName: settlementSettings.ourName,
    timeZone: biller.timeZone ?? settlementSettings.timeZone,
    operatorNames: new Map([...operators.values()].map(({ name, displayName }) => [name, displayName])),
  };
}

/** The last tie-out of each operator for the day; what was made after the signature is not on the page that was signed. */
export async function tieOutsOf(
  { database, runtime }: Pick<SettlementDeps, 'database' | 'runtime'>,
  { day, signedAtMs }: Settlement,
): Promise<FloatTieOut[]> {
  const rows = await database.reader.find(FloatTieOutSchema, {
    where: { day, madeAtMs: LessThanOrEqual(signedAtMs ?? runtime.clock.now()) },
    order: { madeAtMs: 'ASC', id: 'ASC' },
  });
  const last = new Map(rows.map((row) => [`${row.operator} ${row.currency}`, row]));
  return [...last.values()].sort((one, other) => (one.operator < other.operator ? -1 : 1));
}
