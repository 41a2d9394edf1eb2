import { once } from 'node:events';
import { createReadStream, createWriteStream } from 'node:fs';
import { createInterface } from 'node:readline';
import { PaymentSchema } from '../../../src/domain/payments/index.ts';
import type { StatementRow, StatementSource } from '../../../src/domain/reconciliation/index.ts';
import { dayWindow, type Runtime } from '../../../src/kernel/index.ts';
import { TransferSchema } from '../../../src/money/transfers/index.ts';
import type { Database } from '../../../src/platform/database/index.ts';
import { bulkInsert } from '../../support/bulk-insert.ts';
import { FAULTS, type PlantedFault, plantItem, type Truth } from '../../support/planted-day.ts';

export const DAY = '2026-11-20';
export const TIME_ZONE = 'Africa/Nairobi';

export interface PlantedFiles {
  operator: string;
  biller: string;
  nextBiller: string;
  /** Of everything that does not simply agree. */
  truths: Truth[];
  agreeing: number;
}

/** One in fifty: two per cent of what is planted is wrong, or right and odd. */
const EVERY = 50;
const WRONG = FAULTS.filter((fault) => fault !== 'agrees');

/** Fills the books with so many payments, and writes what operator and biller say of them into files, a line of JSON each. */
export async function plantFiles(
  runtime: Runtime,
  database: Database,
  folder: string,
  count: number,
): Promise<PlantedFiles> {
  const paths = { operator: `${folder}/operator`, biller: `${folder}/biller`, nextBiller: `${folder}/next-biller` };
  const streams = Object.values(paths).map((path) => createWriteStream(path));
  const [operator, biller, nextBiller] = streams as [Writer, Writer, Writer];
  const place = {
    ...{ runtime, day: DAY, timeZone: TIME_ZONE, operator: 'mpesa', billerId: 'maji-water', account: '100200300' },
    statementIds: { operator: '', biller: '', nextBiller: '' },
  };
  const truths: Truth[] = [];
  let agreeing = 0;
  for (let start = 0; start < count; start += 2_000) {
    const items = Array.from({ length: Math.min(2_000, count - start) }, (_, index) => {
      const number = start + index;
      const fault: PlantedFault =
        number % EVERY === 7 ? (WRONG[Math.floor(number / EVERY) % WRONG.length] as PlantedFault) : 'agrees';
      return plantItem(place, number, count, fault, BigInt(100 + (number % 7_000)) * 100n);
    });
    await database.transaction(async ({ manager }) => {
      await bulkInsert(
        manager,
        TransferSchema,
        items.flatMap(({ transfer }) => transfer ?? []),
      );
      await bulkInsert(
        manager,
        PaymentSchema,
        items.flatMap(({ payment }) => payment ?? []),
      );
    });
    await write(
      operator,
      items.flatMap(({ operatorLines }) => operatorLines),
    );
    await write(
      biller,
      items.flatMap(({ billerLines }) => billerLines),
    );
    await write(
      nextBiller,
      items.flatMap(({ nextDayBillerLines }) => nextDayBillerLines),
    );
    for (const truth of items.flatMap((item) => item.truths)) {
      if (truth.fault === 'agrees') agreeing += 1;
      else truths.push(truth);
    }
  }
  for (const stream of streams) stream.end();
  await Promise.all(streams.map((stream) => once(stream, 'finish')));
  return { ...paths, truths, agreeing };
}

type Writer = ReturnType<typeof createWriteStream>;

async function write(stream: Writer, lines: readonly StatementRow[]): Promise<void> {
  const text = lines.map((line) => `${JSON.stringify({ ...line, amountMinor: String(line.amountMinor) })}\n`).join('');
  if (!stream.write(text)) await once(stream, 'drain');
}

/** The lines of such a file, some at a time. */
export async function* readLines(path: string, together: number): AsyncGenerator<StatementRow[]> {
  let batch: StatementRow[] = [];
  for await (const text of createInterface({ input: createReadStream(path) })) {
    const row = JSON.parse(text);
    batch.push({ ...row, amountMinor: BigInt(row.amountMinor) });
    if (batch.length < together) continue;
    yield batch;
    batch = [];
  }
  if (batch.length > 0) yield batch;
}

/** Such a file as a statement that the service reads. */
export function fileSource(side: 'operator' | 'biller', party: string, path: string): StatementSource {
  const { fromMs, toMs } = dayWindow(DAY, TIME_ZONE);
  return {
    ...{ side, party, source: 'file', currency: 'KES', timeZone: TIME_ZONE },
    async *read() {
      let lineNo = 0;
      for await (const rows of readLines(path, 1_000)) {
        const lines = rows.map(({ lineKind: kind, atMs, amountMinor, currency, detail, ...row }) => {
          lineNo += 1;
          const { receipt, reference, account, payer, linkedReceipt } = row;
          const said = Object.entries({ receipt, reference, account, payer, linkedReceipt });
          const told = Object.fromEntries(said.filter(([, value]) => value !== null)) as Record<string, string>;
          return { lineNo, kind, atMs, amountMinor, currency, detail, ...told };
        });
        yield { lines, faults: [] };
      }
      return { proof: 'control-totals', fromMs, toMs: side === 'operator' ? toMs + 7_200_000 : toMs };
    },
  };
}
