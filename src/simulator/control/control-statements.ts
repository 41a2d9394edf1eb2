import { formatDecimal } from '../../kernel/index.ts';
import {
  fileReply,
  nairobiDay,
  nairobiStamp,
  problemReply,
  type SimulatorConfig,
  type SimulatorReply,
} from '../basis/index.ts';
import type { Billers } from '../billers/index.ts';
import { exportStatement, type Operator, StatementQuery } from '../operator/index.ts';

/** The organisation statement of the operator's portal. */
export async function operatorStatement(
  { operator, config }: { operator: Operator; config: SimulatorConfig },
  query: URLSearchParams,
): Promise<SimulatorReply> {
  const read = StatementQuery.safeParse(Object.fromEntries(query));
  if (!read.success) {
    const problems = read.error.issues.map(({ path, message }) => ({ field: path.join('.'), message }));
    return problemReply(422, 'The query is not of the described shape', { problems });
  }
  const { shortCode: own } = read.data;
  if (own !== undefined && !operator.accounts.isOwn(own)) return problemReply(404, `${own} is nobody's own short code`);
  const isIn = (shortCode: string) => (own === undefined ? !operator.accounts.isOwn(shortCode) : shortCode === own);
  const { name, contentType, content } = await exportStatement(
    operator.books.all().filter(({ shortCode }) => isIn(shortCode)),
    own ?? config.operator.shortCode,
    read.data,
  );
  return fileReply(name, contentType, content);
}

/** What one biller booked on a day, in the form that menus/billers.yaml describes for Maji Water. */
export function billerStatement(billers: Billers, query: URLSearchParams): SimulatorReply {
  const [biller, day] = [query.get('biller') ?? '', query.get('day') ?? ''];
  if (!/^\d{4}-\d\d-\d\d$/.test(day)) return problemReply(422, 'day is not a day such as 2026-11-20');
  const postings = billers.postings().filter((posting) => posting.biller === biller && nairobiDay(posting.at) === day);
  const lines = postings.map(({ reference, billerReference, account, amountMinor, currency, at }) => {
    const [year, month, date, hour, minute, second] =
      /^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)$/.exec(nairobiStamp(at))?.slice(1) ?? [];
    const amount = formatDecimal({ amountMinor: BigInt(amountMinor), currency });
    return [
      reference,
      billerReference,
      account,
      amount,
      currency,
      `${date}/${month}/${year} ${hour}:${minute}:${second}`,
    ];
  });
  const sumMinor = postings.reduce((sum, { amountMinor }) => sum + BigInt(amountMinor), 0n);
  const currency = postings[0]?.currency ?? 'KES';
  const total = [
    'TOTAL',
    '',
    String(postings.length),
    formatDecimal({ amountMinor: sumMinor, currency }),
    currency,
    '',
  ];
  const names = ['Our Reference', 'Document', 'Account', 'Amount', 'Currency', 'Booked At'];
  const content = [names, ...lines, total].map((cells) => `${cells.join(',')}\n`).join('');
  return fileReply(`${biller}-${day}.csv`, 'text/csv; charset=utf-8', content);
}
