import {
  countQueue,
  eachQueueItem,
  QUEUES,
  type Queue,
  type QueueFilters,
  type QueueItem,
} from '../../../domain/queues/index.ts';
import { HOUSE, listStaff } from '../../../domain/staff/index.ts';
import { formatDecimal, minorDigits } from '../../../kernel/index.ts';
import type { Cell } from '../../../platform/tables/index.ts';
import { readQueueFilters } from '../queue-filters.ts';
import type { Desk, Visit } from '../visit.ts';
import { EXPORT_READERS, type ExportList, MOST_COUNTED_ROWS, timeTitle } from './export-list.ts';

/** What waits for a person, a list for each queue. */
export const queueExports: readonly ExportList[] = QUEUES.map((queue) => ({
  name: `queue-${queue}`,
  title: ({ say }) => `${say('place.queues')}: ${say(`queue.${queue}`)}`,
  allow: EXPORT_READERS,
  hasNumbers: false,
  page: `/console/queues/${queue}`,
  open(desk, visit, query) {
    const { say } = visit.words;
    const { filters, address } = readQueueFilters(desk, visit, queue, query);
    return {
      query: address,
      count: () => countQueue(desk.deps.domain, queue, { filters, most: MOST_COUNTED_ROWS }),
      tables: () => [
        {
          title: say(`queue.${queue}`),
          columns: [
            { title: say('export.column.what'), width: 28 },
            { title: say('payment.reference'), width: 14 },
            { title: say('export.column.detail'), width: 50 },
            { title: say('payment.amount'), width: 14 },
            { title: say('export.column.currency'), width: 9 },
            timeTitle(desk, say('export.column.since')),
            { title: say('export.column.owner'), width: 24 },
            { title: say('export.column.payment'), width: 38 },
            { title: say('export.column.id'), width: 38 },
          ],
          rows: rows(desk, visit, queue, filters),
        },
      ],
    };
  },
}));

async function* rows(
  { deps: { domain } }: Desk,
  visit: Visit,
  queue: Queue,
  filters: QueueFilters,
): AsyncGenerator<Cell[][]> {
  const names = new Map((await listStaff(domain, HOUSE)).map(({ id, name }) => [id, name]));
  for await (const items of eachQueueItem(domain, queue, filters))
    yield items.map((item) => cellsOf(visit, item, names));
}

function cellsOf({ words }: Visit, item: QueueItem, names: ReadonlyMap<string, string>): Cell[] {
  const { queue, name, detail, amountMinor, currency, ownerId } = item;
  const isClaim = queue === 'claims';
  return [
    words.has(`console.break-type.${name}`) ? words.say(`break-type.${name}`) : name,
    item.reference ?? null,
    isClaim ? words.name('claim-state', detail) : words.has(detail) ? words.text(detail) : words.why(detail),
    amountMinor === null || currency === null
      ? null
      : { decimal: formatDecimal({ amountMinor, currency }), digits: minorDigits(currency) },
    currency,
    { atMs: item.sinceMs },
    ownerId === null ? null : (names.get(ownerId) ?? ownerId),
    item.paymentId,
    item.id,
  ];
}
