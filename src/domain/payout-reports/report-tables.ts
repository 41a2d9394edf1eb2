import { formatDecimal, maskMsisdn, minorDigits } from '../../kernel/index.ts';
import type { Cell, ColumnPlan, WrittenTable } from '../../platform/tables/index.ts';
import type { Texts, TextValues } from '../../platform/texts/index.ts';
import type { PayoutBatch, RowState } from '../payout-batches/index.ts';
import type { BatchReport, ReportRow } from './read-report.ts';

/** How a report is told, and to whom. */
export interface ReportSetting {
  texts: Texts;
  language: string;
  timeZone: string;
  /** How phone numbers are written. */
  numbers: 'masked' | 'whole';
}

export const sayIn =
  ({ texts, language }: Pick<ReportSetting, 'texts' | 'language'>) =>
  (id: string, values?: TextValues) =>
    texts.formatForPrint(language, `payouts.report.${id}`, values);

/** The columns of the list that the batch was made from, as their file wrote them. */
export const titlesOf = ({ titles }: PayoutBatch): string[] => (titles === null ? [] : JSON.parse(titles));

/** Every row with its own columns first, then what became of it; and the totals. */
export function reportTables(setting: ReportSetting, report: BatchReport): [rows: WrittenTable, totals: WrittenTable] {
  const say = sayIn(setting);
  const own = titlesOf(report.batch);
  const zone = setting.timeZone;
  const column = (id: string, width: number): ColumnPlan => ({ title: say(`column.${id}`, { zone }), width });
  return [
    {
      title: say('rows'),
      columns: [
        column('row', 7),
        ...own.map((title) => ({ title, width: 18, isText: true })),
        { ...column('phone', 16), isText: true },
        ...[
          column('name', 26),
          column('name-score', 12),
          column('reference', 18),
          column('amount', 14),
          column('currency', 9),
        ],
        ...[column('state', 18), column('receipt', 16), column('ours', 14), column('paid-at', 24)],
        ...[column('changed-at', 24), column('charge', 12), column('fee', 12), column('attempts', 10)],
        ...[column('reason', 40), column('answer', 12), column('answered-at', 24)],
      ],
      rows: cellsOf(setting, report, own.length),
    },
    {
      title: say('totals'),
      columns: [column('what', 34), column('rows', 10), column('amount', 16), column('currency', 9)],
      rows: totalCells(setting, report),
    },
  ];
}

async function* cellsOf(setting: ReportSetting, report: BatchReport, ownColumns: number): AsyncGenerator<Cell[][]> {
  for await (const rows of report.rows()) yield rows.map((row) => rowCells(setting, report, row, ownColumns));
}

function rowCells(setting: ReportSetting, { batch }: BatchReport, row: ReportRow, ownColumns: number): Cell[] {
  const money = (amountMinor: bigint): Cell => decimal(batch, amountMinor);
  const own: string[] = row.extra === null ? [] : JSON.parse(row.extra);
  const isPaid = row.state === 'paid';
  return [
    { count: row.rowNo },
    ...Array.from({ length: ownColumns }, (_, at) => own[at] ?? ''),
    setting.numbers === 'whole' ? row.msisdn : maskMsisdn(row.msisdn),
    ...[
      row.name,
      row.nameScore === null ? null : { count: row.nameScore },
      row.reference,
      money(row.amountMinor),
      row.currency,
      stateWords(setting, row.state),
      row.receipt,
    ],
    ...[row.ours, time(row.paidAtMs), time(row.changedAtMs)],
    ...[isPaid ? money(row.chargeMinor) : null, isPaid ? money(row.feeMinor) : null, { count: row.attempts }],
    ...[reasonWords(setting, row), answerWords(setting, row), time(row.answeredAtMs)],
  ];
}

const time = (atMs: number | null): Cell => (atMs === null ? null : { atMs });

function decimal({ currency }: PayoutBatch, amountMinor: bigint): Cell {
  return { decimal: formatDecimal({ amountMinor, currency }), digits: minorDigits(currency) };
}

export const stateWords = (setting: ReportSetting, state: RowState): string => sayIn(setting)(`state.${state}`);

/** Why it was not paid, in the reader's words; a cause that is newer than the texts as it was kept. */
export function reasonWords(setting: ReportSetting, { state, failureCause }: ReportRow): string {
  if (state === 'paid' || failureCause === null) return '';
  const id = `cause.${failureCause}`;
  return setting.texts.has(`payouts.report.${id}`) ? sayIn(setting)(id) : failureCause;
}

export const answerWords = (setting: ReportSetting, { answer }: ReportRow): string =>
  answer === null ? '' : sayIn(setting)(`answer.${answer}`);

/** In the order in which people ask. */
const STATES: readonly RowState[] = [
  ...(['paid', 'failed', 'unknown', 'reversed', 'submitted', 'queued', 'ready', 'excluded'] as const),
];

/** A total of the report: rows by state, and what it cost. */
export interface ReportTotal {
  title: string;
  rows: number | undefined;
  amountMinor: bigint;
}

export function totalsOf(setting: ReportSetting, { batch, progress, cost, approvedMinor }: BatchReport): ReportTotal[] {
  const say = sayIn(setting);
  const { stopReason: reason, leftOutRows, leftOutMinor } = batch;
  const byState = STATES.flatMap((state): ReportTotal[] => {
    const count = progress.byState[state];
    return count ? [{ title: stateWords(setting, state), rows: count.rows, amountMinor: count.totalMinor }] : [];
  });
  const standing = cost.isBooked ? 'booked' : 'so-far';
  const of = (id: string, amountMinor: bigint) => ({ title: say(`${id}-${standing}`), rows: undefined, amountMinor });
  const leftOut = {
    ...{ title: say('left-out', { reason: reason ?? '' }), rows: leftOutRows ?? 0, amountMinor: leftOutMinor ?? 0n },
  };
  const stopped = reason === null ? [] : [leftOut];
  const total = { title: say('approved'), rows: undefined, amountMinor: approvedMinor };
  const approved = batch.approvedAtMs === null ? [] : [total];
  return [
    ...approved,
    ...byState,
    ...stopped,
    of('charges', cost.chargesMinor),
    of('fees', cost.feeMinor),
    of('tax', cost.taxMinor),
  ];
}

async function* totalCells(setting: ReportSetting, report: BatchReport): AsyncGenerator<Cell[][]> {
  const { batch } = report;
  yield totalsOf(setting, report).map(({ title, rows, amountMinor }) => [
    ...[title, rows === undefined ? null : { count: rows }, decimal(batch, amountMinor), batch.currency],
  ]);
}
