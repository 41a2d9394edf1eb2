import { PaymentSchema } from '../../src/domain/payments/index.ts';
import {
  BreakSchema,
  ReconDaySchema,
  type ReconDeps,
  type ReconResult,
  ReconResultSchema,
  type Statement,
  StatementRowSchema,
  StatementSchema,
} from '../../src/domain/reconciliation/index.ts';
import { addDays, dayWindow } from '../../src/kernel/index.ts';
import { TransferSchema } from '../../src/money/transfers/index.ts';
import { bulkInsert } from './bulk-insert.ts';
import { type Domain, WATER_ACCOUNT } from './domain-deps.ts';
import { type PlantedFault, type PlantedItem, type PlantedPlace, plantItem } from './planted-day.ts';

export const TIME_ZONE = 'Africa/Nairobi';

/** One rule, as menus/reconciliation.yaml has it. */
export const RULES = [
  { name: 'same-account-15-minutes', side: 'operator', withinMs: 900_000 },
  { name: 'same-account-a-day', side: 'biller', withinMs: 86_400_000 },
] as const;

export function reconDepsOf({ deps }: Domain, change: Partial<ReconDeps['reconSettings']> = {}): ReconDeps {
  const reconSettings = { timeZone: TIME_ZONE, waitDays: 2, toleranceMinor: 0n, rules: RULES, ...change };
  return { ...deps, reconSettings };
}

/** A day that was generated, in the stores: its operator's statement and its biller's are complete. */
export interface Planted {
  place: PlantedPlace;
  items: PlantedItem[];
  /** The statement of the biller's next day comes in too. */
  addNextDay(): Promise<void>;
}

export async function plantDay(
  { deps }: Domain,
  day: string,
  faults: readonly { fault: PlantedFault; amountMinor: bigint }[],
  timeZone = TIME_ZONE,
): Promise<Planted> {
  const { ids } = deps.runtime;
  const statementIds = { operator: ids.next(), biller: ids.next(), nextBiller: ids.next() };
  const place: PlantedPlace = {
    ...{ runtime: deps.runtime, day, timeZone, operator: 'mpesa', billerId: 'maji-water' },
    ...{ account: WATER_ACCOUNT, statementIds },
  };
  const items = faults.map(({ fault, amountMinor }, index) =>
    plantItem(place, index, faults.length, fault, amountMinor),
  );
  const { fromMs, toMs } = dayWindow(day, timeZone);
  const next = dayWindow(addDays(day, 1), timeZone);
  await deps.database.transaction(async ({ manager }) => {
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
    await bulkInsert(
      manager,
      StatementRowSchema,
      items.flatMap(({ operatorLines, billerLines }) => [...operatorLines, ...billerLines]),
    );
    await bulkInsert(manager, StatementSchema, [
      statementOf(deps, { id: statementIds.operator, fromMs, toMs: toMs + 7_200_000 }),
      statementOf(deps, {
        id: statementIds.biller,
        side: 'biller',
        party: 'maji-water',
        proof: 'whole-day',
        fromMs,
        toMs,
      }),
    ]);
  });
  return {
    place,
    items,
    addNextDay: () =>
      deps.database.transaction(async ({ manager }) => {
        await bulkInsert(
          manager,
          StatementRowSchema,
          items.flatMap(({ nextDayBillerLines }) => nextDayBillerLines),
        );
        const nextBiller = {
          id: statementIds.nextBiller,
          side: 'biller',
          party: 'maji-water',
          proof: 'whole-day',
        } as const;
        await bulkInsert(manager, StatementSchema, [statementOf(deps, { ...nextBiller, ...next })]);
      }),
  };
}

export function statementOf({ runtime }: Pick<ReconDeps, 'runtime'>, change: Partial<Statement>): Statement {
  const now = runtime.clock.now();
  return {
    ...{ id: runtime.ids.next(), side: 'operator', party: 'mpesa', source: 'file', fileName: null, contentHash: null },
    ...{ state: 'complete', proof: 'balance-chain', currency: 'KES', lines: 0, faults: 0, inMinor: 0n, outMinor: 0n },
    ...{ fromMs: null, toMs: null, problem: null, startedAtMs: now, finishedAtMs: now },
    ...change,
  } as Statement;
}

/** What counts of a day: results of the open and signed versions, by id. */
export async function resultsOf({ deps }: Domain, day: string): Promise<Map<string, ReconResult>> {
  const { reader } = deps.database;
  const found = new Map<string, ReconResult>();
  for (const { id, state } of await reader.findBy(ReconDaySchema, { day })) {
    if (state !== 'open' && state !== 'signed') continue;
    for (const result of await reader.findBy(ReconResultSchema, { reconDayId: id })) found.set(result.id, result);
  }
  return found;
}

export const openBreaks = async ({ deps }: Domain) =>
  (await deps.database.reader.find(BreakSchema, { order: { id: 'ASC' } })).filter(({ state }) => state !== 'resolved');
