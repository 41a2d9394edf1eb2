import type { TableRow } from '../../../../platform/tables/index.ts';
import {
  type DateOrder,
  type LineKind,
  type ReadLine,
  readAmount,
  readWallTime,
  storedText,
  yearPlace,
} from '../../../statements/index.ts';
import { nairobiInstant } from '../nairobi-time.ts';
import { parseReceipt } from '../stk-callback.ts';

/** As the operator's portal names them; others may stand between them. */
export const COLUMNS = [
  ...['Receipt No.', 'Completion Time', 'Details', 'Transaction Status', 'Paid In', 'Withdrawn', 'Balance'],
  ...['Reason Type', 'Other Party Info', 'Linked Transaction ID', 'A/C No.'],
] as const;
export type Places = Readonly<Record<string, number>>;

export type RowRead =
  | { kind: 'line'; line: ReadLine; balanceMinor: bigint }
  /** It moved nothing: declined, cancelled, not completed yet. */
  | { kind: 'nothing' }
  | { kind: 'fault'; column: string; reason: string };

const MOVED_NOTHING = /^(failed|declined|cancel+ed|expired|pending|initiated|rejected)/i;

export function readRow({ lineNo, cells }: TableRow, places: Places, order: DateOrder, currency: string): RowRead {
  const cell = (name: string) => cells[places[name] as number]?.trim() ?? '';
  const fault = (column: string, reason: string): RowRead => ({ kind: 'fault', column, reason });
  const status = cell('Transaction Status');
  if (MOVED_NOTHING.test(status)) return { kind: 'nothing' };
  if (status.toLowerCase() !== 'completed')
    return fault('Transaction Status', `"${status.slice(0, 40)}" is not a state`);
  const receipt = parseReceipt(cell('Receipt No.'));
  if (receipt === undefined) return fault('Receipt No.', `"${cell('Receipt No.').slice(0, 40)}" is not a receipt`);
  const wallMs = readWallTime(cell('Completion Time'), order);
  if (wallMs === undefined) return fault('Completion Time', dateReason(cell('Completion Time'), order));
  const amount = readMovement(cell('Paid In'), cell('Withdrawn'), currency);
  if ('reason' in amount) return fault(amount.column, amount.reason);
  const balanceMinor = readAmount(cell('Balance'), currency);
  if (typeof balanceMinor === 'string') return fault('Balance', balanceMinor);
  const { amountMinor } = amount;
  const typed = storedText(cell('A/C No.'), 64);
  const party = readParty(cell('Other Party Info'));
  const linked = storedText(cell('Linked Transaction ID'), 64);
  const kind = kindOf(amountMinor, cell('Reason Type') || cell('Details'), linked, party);
  const line: ReadLine = {
    lineNo,
    kind,
    atMs: nairobiInstant(wallMs),
    receipt,
    reference: kind === 'payout' ? requestOf(cell('Details')) : typed,
    account: typed,
    amountMinor,
    currency,
    ...party,
    linkedReceipt: linked ?? (kind === 'charge' ? receipt : undefined),
    detail: storedText(cell('Details'), 255) ?? '',
  };
  return { kind: 'line', line, balanceMinor };
}

function dateReason(text: string, order: DateOrder): string {
  const written = `"${text.slice(0, 40)}"`;
  const place = yearPlace(text);
  if (place === undefined) return `${written} is not a date and a time`;
  const isOurs = (place === 'first') === (order === 'year-month-day');
  return isOurs ? `${written} is a date that does not exist` : `${written} is not written as the dates before it`;
}

/** The details of a payout end with the id under which we asked for it, which is our reference. */
function requestOf(details: string): string | undefined {
  return storedText(/original conversation id is ([A-Za-z0-9_-]{1,64})/i.exec(details)?.[1] ?? '', 64);
}

type Movement = { amountMinor: bigint } | { column: string; reason: string };

/** Money that left stands in its own column, with or without a minus. */
function readMovement(paidIn: string, withdrawn: string, currency: string): Movement {
  const [come, gone] = [readAmount(paidIn || '0', currency), readAmount(withdrawn || '0', currency)];
  if (typeof come === 'string') return { column: 'Paid In', reason: come };
  if (typeof gone === 'string') return { column: 'Withdrawn', reason: gone };
  if (come !== 0n && gone !== 0n) return { column: 'Withdrawn', reason: 'both paid in and withdrawn' };
  if (come === 0n && gone === 0n) return { column: 'Paid In', reason: 'neither paid in nor withdrawn' };
  return { amountMinor: come !== 0n ? come : gone < 0n ? gone : -gone };
}

/** `254711000001 - JANE WANJIKU`, or masked: `2547 ***** 126 - JANE`, `25470****149`. A name alone says nothing to us. */
function readParty(text: string): { payer?: string; maskedPayer?: string } {
  const number = /^\+?(254\d{9})(?:\D|$)/.exec(text)?.[1];
  if (number !== undefined) return { payer: `+${number}` };
  const masked = /^\+?(\d{3,6} ?\*+ ?\d{2,4})(?:\D|$)/.exec(text)?.[1];
  return masked === undefined ? {} : { maskedPayer: masked };
}

function kindOf(amountMinor: bigint, reason: string, linked: string | undefined, party: object): LineKind {
  if (/revers/i.test(reason)) return 'reversal';
  if (amountMinor < 0n && /charge|fee|levy|tax|commission/i.test(reason)) return 'charge';
  const isPerson = Object.keys(party).length > 0;
  if (/pay ?bill|buy ?goods|customer (payment|merchant)/i.test(reason) && amountMinor > 0n) return 'payment';
  if (/transfer|settlement|deposit|float|adjust|business to business/i.test(reason)) return 'other';
  if (!isPerson || linked !== undefined) return 'other';
  return amountMinor > 0n ? 'payment' : 'payout';
}
