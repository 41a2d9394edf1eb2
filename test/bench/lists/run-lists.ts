import { fork } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { schema } from '../../../ormconfig.ts';
import { systemRuntime } from '../../../src/kernel/index.ts';
import { openDatabase } from '../../../src/platform/database/index.ts';
import { embeddedStores, freshDatabase } from '../../support/stores.ts';
import type { ListMeasured } from './list-child.ts';
import { type PlantedList, plantList } from './planted-list.ts';

export interface ListsSize {
  rows: number;
  rounds: number;
}

const MOST_TIMES = 3;
const MOST_BYTES = 300e6;
/** As in a small container: with a heap of gigabytes nothing is collected before it is needed. */
const HEAP_MB = 128;
/** Below it, beginnings are all that is measured. */
const FEWEST_ROWS = 50_000;

type Address = { databaseUrl: string | undefined; dataDir: string };

/** A list in Excel, read, checked and staged on both stores, beside exceljs's bare reading. False when it is wrong, too slow or too big. */
export async function benchLists({ rows, rounds }: ListsSize, say: (text: string) => void): Promise<boolean> {
  const server = await freshDatabase();
  if (!server) throw new Error('the lists on MariaDB need MariaDB');
  const embedded = await embeddedStores({ onDisk: true });
  const folder = await mkdtemp(join(tmpdir(), 'malipo-lists-'));
  try {
    const path = join(folder, 'list.xlsx');
    const planted = await plantList(path, rows);
    say(`\nA list of ${rows} people in Excel, one in a hundred with a fault; medians of ${rounds} rounds.\n`);
    const stores = [
      ['MariaDB', { databaseUrl: server.url, dataDir: embedded.dataDir }],
      ['embedded store', { databaseUrl: undefined, dataDir: embedded.dataDir }],
    ] as const;
    for (const [, address] of stores) await migrate(address);
    const bare: ListMeasured[] = [];
    const ours = new Map<string, ListMeasured[]>(stores.map(([name]) => [name, []]));
    for (let round = 0; round < rounds; round += 1) {
      bare.push(await runChild(['exceljs', path]));
      for (const [name, { databaseUrl = '', dataDir }] of stores) {
        ours.get(name)?.push(await runChild(['ours', path, databaseUrl, dataDir]));
      }
    }
    const bareSeconds = median(bare.map(({ seconds }) => seconds));
    const barePeak = Math.max(...bare.map(({ peakBytes }) => peakBytes));
    say(`  exceljs's streaming read alone  ${bareSeconds.toFixed(1).padStart(6)} s, ${megabytes(barePeak)}\n`);
    const verdicts = [...ours].map(([name, measured]) => judge(name, measured, { bareSeconds, planted }, say));
    return bare.every((one) => one.rows === rows) && !verdicts.includes(false);
  } finally {
    await rm(folder, { recursive: true, force: true });
    await server.drop();
    await embedded.drop();
  }
}

async function migrate(address: Address): Promise<void> {
  const database = await openDatabase(systemRuntime, address, schema);
  await database.migrate();
  await database.close();
}

function judge(
  name: string,
  measured: readonly ListMeasured[],
  { bareSeconds, planted }: { bareSeconds: number; planted: PlantedList },
  say: (text: string) => void,
): boolean {
  const seconds = median(measured.map((one) => one.seconds));
  const peak = Math.max(...measured.map(({ peakBytes }) => peakBytes));
  const times = seconds / bareSeconds;
  const isTrue = measured.every(
    ({ rows, faultRows, totalMinor }) =>
      rows === planted.rows && faultRows === planted.faultRows && totalMinor === String(planted.totalMinor),
  );
  const isFast = times <= MOST_TIMES || planted.rows < FEWEST_ROWS;
  say(
    `  read, checked and staged, ${name.padEnd(15)} ${seconds.toFixed(1).padStart(5)} s, ${megabytes(peak)}: ` +
      `${times.toFixed(2)} times (at most ${MOST_TIMES}, and ${megabytes(MOST_BYTES)}); ` +
      `${isTrue ? 'every row and fault as planted' : 'NOT as planted'}\n`,
  );
  return isTrue && isFast && peak <= MOST_BYTES;
}

function runChild(args: readonly string[]): Promise<ListMeasured> {
  const heap = args[0] === 'ours' ? [`--max-old-space-size=${HEAP_MB}`] : [];
  const child = fork('test/bench/lists/list-child.ts', args, { execArgv: [...heap, '--import', 'tsx'] });
  return new Promise((resolve, reject) => {
    child.on('message', (message) => resolve(message as ListMeasured));
    // After its last message was read, which its exit need not be.
    child.on('disconnect', () => reject(new Error(`the reading by ${args[0]} ended before its measures came`)));
  });
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((one, other) => one - other);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}

const megabytes = (bytes: number) => `${Math.round(bytes / 1e6)} MB`;
