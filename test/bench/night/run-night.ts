import { fork } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { schema } from '../../../ormconfig.ts';
import { ReconDaySchema, StatementRowSchema } from '../../../src/domain/reconciliation/index.ts';
import { systemRuntime } from '../../../src/kernel/index.ts';
import { type Database, openDatabase } from '../../../src/platform/database/index.ts';
import { bulkInsert } from '../../support/bulk-insert.ts';
import { embeddedStores, freshDatabase } from '../../support/stores.ts';
import { DAY, type PlantedFiles, plantFiles, readLines } from './planted-files.ts';

export interface NightSize {
  /** Lines a side on MariaDB, and on the embedded store. */
  server: number;
  embedded: number;
}

interface Measured {
  seconds: Record<string, number>;
  memory: { phase: string; bytes: number }[];
}

const MOST_TIMES = 3;
const MOST_BYTES = 300e6;
const HEAP_MB = 96;
const SERVER_BYTES = 2 ** 31;

/** The night of a generated day whose truth is known, on both stores. False when something was missed, invented, too slow or too big. */
export async function benchNight(size: NightSize, say: (text: string) => void): Promise<boolean> {
  const server = await freshDatabase();
  if (!server) throw new Error('the night on MariaDB needs MariaDB');
  const embedded = await embeddedStores({ onDisk: true });
  try {
    const onServer = await measure('MariaDB', { databaseUrl: server.url, dataDir: embedded.dataDir }, size.server, say);
    const onFile = await measure(
      'embedded store',
      { databaseUrl: undefined, dataDir: embedded.dataDir },
      size.embedded,
      say,
    );
    return onServer && onFile;
  } finally {
    await server.drop();
    await embedded.drop();
  }
}

type Address = { databaseUrl: string | undefined; dataDir: string };

async function measure(name: string, address: Address, count: number, say: (text: string) => void): Promise<boolean> {
  const folder = await mkdtemp(join(tmpdir(), 'malipo-night-'));
  const database = await openDatabase(systemRuntime, address, schema);
  try {
    await database.migrate();
    // Whoever compares a million lines a night has a server with memory for them; that of the tests has next to none.
    if (database.kind === 'mysql' && count >= 100_000)
      await database.reader.query(`SET GLOBAL innodb_buffer_pool_size = ${SERVER_BYTES}`);
    say(
      `\nThe night on ${name}: ${count} payments, as many lines of the operator and of the biller, two per cent odd.\n`,
    );
    const files = await plantFiles(systemRuntime, database, folder, count);
    for (const table of ['transfer', 'payment']) await database.refreshStatistics(table);
    const bare = await measureBare(database, files);
    const night = await runChild(address, files);
    const total = Object.values(night.seconds).reduce((sum, one) => sum + one, 0) - (night.seconds.start ?? 0);
    for (const [phase, seconds] of Object.entries(night.seconds)) {
      if (phase !== 'start') say(`  ${phase.padEnd(18)} ${seconds.toFixed(1).padStart(8)} s\n`);
    }
    const times = total / (bare.load + bare.joins);
    say(
      `  night ${total.toFixed(1)} s; bare load ${bare.load.toFixed(1)} s and joins ${bare.joins.toFixed(1)} s: ${times.toFixed(2)} times\n`,
    );
    const peak = Math.max(...night.memory.map(({ bytes }) => bytes));
    say(`  memory: at most ${megabytes(peak)}; ${flatness(night)}\n`);
    const truth = await checkTruth(database, files);
    say(`  precision ${truth.precision.toFixed(6)}, recall ${truth.recall.toFixed(6)}; ${truth.breaks}\n`);
    const isTrue = truth.precision === 1 && truth.recall === 1 && truth.areBreaksTrue;
    // A few thousand lines measure little but beginnings; and in one process with its store, the night competes with its own SQL.
    const isFast = times <= MOST_TIMES || count < 100_000 || database.kind === 'sqlite';
    return isTrue && isFast && peak <= MOST_BYTES;
  } finally {
    await database.close();
    await rm(folder, { recursive: true, force: true });
  }
}

const seconds = async (work: () => Promise<unknown>) => {
  const startedMs = performance.now();
  await work();
  return (performance.now() - startedMs) / 1_000;
};

/** What no night can do without: the same lines into the same table by bare statements, and the joins that compare them. */
async function measureBare(
  database: Database,
  { operator, biller }: PlantedFiles,
): Promise<{ load: number; joins: number }> {
  const load = await seconds(async () => {
    for (const path of [operator, biller]) {
      for await (const rows of readLines(path, 1_000)) {
        await database.transaction(({ manager }) => bulkInsert(manager, StatementRowSchema, rows));
      }
    }
  });
  await database.refreshStatistics('statement_line');
  const joins = await seconds(async () => {
    for (const sql of JOINS) await database.reader.query(sql);
  });
  if (database.kind === 'mysql')
    await database.transaction(({ manager }) => manager.query('TRUNCATE TABLE statement_line'));
  else await database.transaction(({ manager }) => manager.query('DELETE FROM statement_line'));
  return { load, joins };
}

const OURS = `FROM transfer t JOIN payment p ON p.transfer_id = t.id`;
const OPERATOR = `statement_line o ON o.party = t.operator AND o.receipt = t.receipt AND o.line_kind = 'payment'`;
const BILLER = `statement_line b ON b.party = p.biller_id AND b.reference = p.reference`;
const JOINS = [
  `SELECT COUNT(*), SUM(o.amount_minor - t.amount_minor), SUM(b.amount_minor - p.amount_minor) ${OURS}
   LEFT JOIN ${OPERATOR} LEFT JOIN ${BILLER} WHERE t.operator = 'mpesa'`,
  `SELECT COUNT(*) FROM statement_line o LEFT JOIN transfer t ON t.operator = o.party AND t.receipt = o.receipt
   WHERE o.party = 'mpesa' AND o.day = '${DAY}' AND t.id IS NULL`,
  `SELECT COUNT(*) FROM statement_line b LEFT JOIN payment p ON p.reference = b.reference AND p.biller_id = b.party
   WHERE b.party = 'maji-water' AND b.day = '${DAY}' AND p.id IS NULL`,
];

async function runChild({ databaseUrl, dataDir }: Address, { operator, biller }: PlantedFiles): Promise<Measured> {
  const child = fork('test/bench/night/night-child.ts', [databaseUrl ?? '', dataDir, operator, biller], {
    // As in a container of half a gigabyte: with a heap of gigabytes nothing is collected before it is needed.
    execArgv: [`--max-old-space-size=${HEAP_MB}`, '--import', 'tsx'],
  });
  return new Promise((resolve, reject) => {
    child.on('message', (message) => resolve(message as Measured));
    // After its last message was read, which its exit need not be.
    child.on('disconnect', () => reject(new Error('the night ended before its measures came')));
  });
}

/** Whether memory grows with what is done: the middle of each long phase against its end. */
function flatness({ memory }: Measured): string {
  const phases = [...new Set(memory.map(({ phase }) => phase))].filter((name) => name !== 'start');
  return phases
    .flatMap((name) => {
      const own = memory.filter(({ phase }) => phase === name).map(({ bytes }) => bytes);
      if (own.length < 20) return [];
      const at = (part: number) => own[Math.floor(own.length * part)] ?? 0;
      return [`${name} ${megabytes(at(0.3))} to ${megabytes(at(0.95))}`];
    })
    .join(', ');
}

const megabytes = (bytes: number) => `${Math.round(bytes / 1e6)} MB`;

interface Verdict {
  precision: number;
  recall: number;
  areBreaksTrue: boolean;
  breaks: string;
}

/** Lines were given ids of their own when they were read: a line is known by its receipt, or by its reference at the biller. */
async function checkTruth({ reader }: Database, files: PlantedFiles): Promise<Verdict> {
  const planted = new Map<string, string>();
  const names = await namesOfLines(files);
  for (const { id, first } of files.truths) if (first) planted.set(names.get(id) ?? id, first);
  let [right, said, agreeing] = [0, 0, 0];
  for (const day of await reader.findBy(ReconDaySchema, { day: DAY, state: 'open' })) {
    const rows: { name: string; set: string }[] = await reader.query(NAMED, [day.id]);
    for (const row of rows) {
      const truth = planted.get(row.name);
      if (row.set === 'agrees' && truth === undefined) {
        agreeing += 1;
        continue;
      }
      said += 1;
      if (truth === row.set) right += 1;
    }
  }
  const everything = planted.size;
  const expected = files.truths
    .flatMap(({ breakType, id }) =>
      breakType && /^(differs|twice|not-ours)/.test(breakType) ? [`${breakType} ${names.get(id) ?? id}`] : [],
    )
    .sort();
  const found: { break_type: string; name: string }[] = await reader.query(BREAKS);
  const opened = found.map((row) => `${row.break_type} ${row.name}`).sort();
  return {
    precision: said === 0 ? 1 : right / said,
    recall: (right + agreeing) / (everything + files.agreeing),
    areBreaksTrue: expected.join() === opened.join(),
    breaks: `${opened.length} breaks, ${expected.length} planted`,
  };
}

const LINE_NAME = `CASE WHEN l.side = 'operator' THEN CONCAT('o ', l.receipt) ELSE CONCAT('b ', l.receipt) END`;
const NAMED = `
  SELECT CASE WHEN r.subject = 'transfer' THEN r.id ELSE ${LINE_NAME} END AS name, r.result_set AS 'set'
  FROM recon_result r LEFT JOIN statement_line l ON r.subject <> 'transfer' AND l.id = r.id
  WHERE r.recon_day_id = ?`;
const BREAKS = `
  SELECT k.break_type, CASE WHEN l.id IS NULL THEN k.subject_id ELSE ${LINE_NAME} END AS name
  FROM reconciliation_break k LEFT JOIN statement_line l ON l.id = k.subject_id`;

async function namesOfLines({ operator, biller, truths }: PlantedFiles): Promise<Map<string, string>> {
  const wanted = new Set(truths.map(({ id }) => id));
  const names = new Map<string, string>();
  for (const path of [operator, biller]) {
    for await (const rows of readLines(path, 1_000)) {
      for (const { id, side, receipt } of rows) if (wanted.has(id)) names.set(id, `${side[0]} ${receipt}`);
    }
  }
  return names;
}
