import { z } from 'zod';
import { parseMoney } from '../../../kernel/index.ts';
import { decimalText, type ProviderLog, shortText, wireCode, wireText } from '../../wire/index.ts';
import type { PaybillMovement, PullAnswer } from '../contract.ts';
import { payerFields } from './c2b.ts';
import type { DarajaConfig } from './config.ts';
import type { DarajaApi, DarajaReply } from './daraja-api.ts';
import { nairobiDateTime, parseNairobiTime } from './nairobi-time.ts';
import { parseReceipt } from './stk-callback.ts';

/** Bounds one pull: at the page sizes seen (100) this is more than a busy paybill takes in 48 hours of trouble. */
const MOST_PAGES = 500;
const SUCCESS = '1000';
const NOTHING_FOUND = '1001';

/**
 * One transaction as pull tells it: keys in lower case, unlike the rest of this operator's API. `msisdn` is a number without its
 * country code, or a masked text; `sender` is documented only by an example.
 */
const Row = z.object({
  transactionId: wireText(40),
  trxDate: wireText(40),
  msisdn: wireText(40).optional().catch(undefined),
  sender: wireText(200).optional().catch(undefined),
  billreference: wireText(100).optional().catch(undefined),
  amount: z.union([z.string().max(40), z.number()]),
});

const Page = z.object({
  ResponseCode: wireCode,
  ResponseMessage: wireText(1000).optional().catch(undefined),
  // A list in a list. With nothing to tell it has been seen as the text "[[]]".
  Response: z.unknown().optional(),
});

interface PullDeps {
  api: DarajaApi;
  config: DarajaConfig;
  log?: ProviderLog;
}

/**
 * Everything that arrived between two instants, page by page (`OffSetValue` counts rows). When a later page fails, what the earlier
 * ones told is returned all the same: a row seen is proof, a row missing never was.
 */
export async function pullTransactions(deps: PullDeps, fromMs: number, toMs: number): Promise<PullAnswer> {
  const movements = new Map<string, PaybillMovement>();
  let offset = 0;
  for (let page = 0; page < MOST_PAGES; page += 1) {
    const reply = await deps.api.post('pull', '/pulltransactions/v1/query', {
      ShortCode: deps.config.shortCode,
      StartDate: nairobiDateTime(fromMs),
      EndDate: nairobiDateTime(toMs),
      OffSetValue: String(offset),
    });
    const read = readPage(reply);
    if (read.kind === 'unknown') return page === 0 ? read : seen(movements);
    const before = movements.size;
    for (const row of read.rows) {
      const movement = readRow(row, deps.config.shortCode);
      if (movement) movements.set(movement.receipt, movement);
      else deps.log?.warn({}, 'daraja: a row of a pull cannot be read');
    }
    // A page without anything new is the end too: some deployments ignore the offset.
    if (read.rows.length === 0 || movements.size === before) return seen(movements);
    offset += read.rows.length;
  }
  deps.log?.error({ pages: MOST_PAGES }, 'daraja: a pull has more pages than are read');
  return seen(movements);
}

function seen(movements: ReadonlyMap<string, PaybillMovement>): PullAnswer {
  return { kind: 'movements', movements: [...movements.values()] };
}

type PageRead = { kind: 'rows'; rows: unknown[] } | { kind: 'unknown'; code: string; description: string };

function readPage(reply: DarajaReply): PageRead {
  switch (reply.kind) {
    case 'refused':
      return { kind: 'unknown', code: reply.code, description: reply.message };
    case 'unclear':
      return { kind: 'unknown', code: reply.code, description: reply.description };
    case 'not-sent':
      return { kind: 'unknown', code: 'not-sent', description: reply.description };
    case 'answer': {
      const page = Page.safeParse(reply.body);
      if (!page.success) return { kind: 'unknown', code: 'unreadable', description: 'no page in the answer' };
      const { ResponseCode, ResponseMessage, Response } = page.data;
      if (ResponseCode === NOTHING_FOUND) return { kind: 'rows', rows: [] };
      if (ResponseCode !== SUCCESS) {
        return { kind: 'unknown', code: ResponseCode, description: shortText(ResponseMessage ?? '') };
      }
      return { kind: 'rows', rows: Array.isArray(Response) ? Response.flat(1) : [] };
    }
  }
}

function readRow(row: unknown, shortCode: string): PaybillMovement | undefined {
  const read = Row.safeParse(row);
  if (!read.success) return undefined;
  const { transactionId, trxDate, msisdn, sender, billreference } = read.data;
  const receipt = parseReceipt(transactionId);
  const amount = parseMoney(decimalText(read.data.amount), 'KES');
  const completedAtMs = parseNairobiTime(trxDate);
  if (receipt === undefined || amount === undefined || completedAtMs === undefined) return undefined;
  return {
    receipt,
    amount,
    account: billreference ?? '',
    shortCode,
    completedAtMs,
    ...payerFields(msisdn ?? ''),
    ...(sender !== undefined && sender !== '' && { payerName: shortText(sender, 100) }),
  };
}
