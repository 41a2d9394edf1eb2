import { businessDay, startOfDay } from '../../kernel/index.ts';
import type { BillerConnector } from '../../providers/billers/index.ts';
import type { CollectionOperator, PaybillMovement } from '../../providers/operators/index.ts';
import {
  READ_TOGETHER,
  type ReadBatch,
  type ReadLine,
  type StatementReading,
  StatementRefused,
  storedText,
} from '../../providers/statements/index.ts';
import type { StatementSource } from './statement-source.ts';

/** What arrived at the operator between two instants, by its own list. What is there is true; what is not proves nothing. */
export function pullSource(
  operator: Pick<CollectionOperator, 'name' | 'currency' | 'pullMovements'>,
  { fromMs, toMs, timeZone }: { fromMs: number; toMs: number; timeZone: string },
): StatementSource {
  return {
    side: 'operator',
    party: operator.name,
    source: 'pull',
    currency: operator.currency,
    timeZone,
    async *read(): StatementReading {
      const answer = await operator.pullMovements(fromMs, toMs);
      if (answer.kind === 'unknown') {
        throw new StatementRefused(`The operator gave no usable list: ${answer.code} ${answer.description}`);
      }
      const lines = answer.movements.map(movementLine);
      for (let start = 0; start < lines.length; start += READ_TOGETHER) {
        yield { lines: lines.slice(start, start + READ_TOGETHER), faults: [] };
      }
      return { proof: 'none', fromMs, toMs };
    },
  };
}

function movementLine(movement: PaybillMovement, index: number): ReadLine {
  const { receipt, amount, account, completedAtMs, payer, maskedPayer } = movement;
  const typed = storedText(account, 64);
  return {
    lineNo: index + 1,
    kind: 'payment',
    atMs: completedAtMs,
    receipt,
    reference: typed,
    account: typed,
    amountMinor: amount.amountMinor,
    currency: amount.currency,
    payer,
    maskedPayer: maskedPayer?.slice(0, 64),
    detail: 'pull',
  };
}

/** What a biller booked on a day of its own time zone, by its statement call: a whole day, or nothing. */
export function billerDaySource(
  biller: { id: string; currency: string },
  connector: Pick<BillerConnector, 'statement'>,
  { day, timeZone }: { day: string; timeZone: string },
): StatementSource {
  return {
    side: 'biller',
    party: biller.id,
    source: 'api',
    fileName: day,
    currency: biller.currency,
    timeZone,
    async *read(): StatementReading {
      let batch: ReadBatch = { lines: [], faults: [] };
      let lineNo = 0;
      for await (const { reference, billerReference, account, amount, bookedAtMs } of connector.statement(day)) {
        lineNo += 1;
        const { amountMinor, currency } = amount;
        const booked = { atMs: bookedAtMs, receipt: billerReference, reference, account, amountMinor, currency };
        batch.lines.push({ lineNo, kind: 'payment', ...booked, detail: '' });
        if (batch.lines.length < READ_TOGETHER) continue;
        yield batch;
        batch = { lines: [], faults: [] };
      }
      if (batch.lines.length > 0) yield batch;
      return { proof: 'whole-day', ...boundsOfDay(day, timeZone) };
    },
  };
}

/** The instants at which a calendar day begins and ends; 23 to 25 hours apart where clocks change. */
export function boundsOfDay(day: string, timeZone: string): { fromMs: number; toMs: number } {
  const noonMs = Date.parse(`${day}T12:00:00Z`);
  // Noon of UTC is already the next day in a few zones of the Pacific.
  const withinMs = businessDay(noonMs, timeZone) === day ? noonMs : noonMs - DAY_MS / 2;
  const fromMs = startOfDay(withinMs, timeZone);
  return { fromMs, toMs: startOfDay(fromMs + 1.5 * DAY_MS, timeZone) };
}

const DAY_MS = 86_400_000;
