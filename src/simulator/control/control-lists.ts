import { formatDecimal } from '../../kernel/index.ts';
import { jsonReply, problemReply, type SimulatorReply } from '../basis/index.ts';
import type { Billers, Posting } from '../billers/index.ts';
import type { Mailboxes, ReceivedMail } from '../mail/index.ts';
import { decimal, type Operator, type Prompt, type Transaction } from '../operator/index.ts';
import type { Message, SmsParty } from '../sms/index.ts';
import type { ReceivedWebhook, WebhookReceiver } from '../webhooks/index.ts';
import { readPathNumber } from './path-number.ts';

/** What really moved, oldest first. `?msisdn=`, `?account=` and `?limit=` (the newest so many) narrow it. */
export function listTransactions(operator: Operator, query: URLSearchParams): SimulatorReply {
  return list(query, operator.books.all(), showTransaction, {
    msisdn: ({ msisdn }) => msisdn,
    account: ({ account }) => account,
  });
}

/** Every prompt that the operator took on, oldest first. */
export function listPrompts(operator: Operator, query: URLSearchParams): SimulatorReply {
  return list(query, [...operator.shelf.list()], showPrompt, {
    msisdn: ({ msisdn }) => msisdn,
    account: ({ account }) => account,
  });
}

export function listPostings(billers: Billers, query: URLSearchParams): SimulatorReply {
  return list(query, billers.postings(), showPosting, {
    biller: ({ biller }) => biller,
    account: ({ account }) => account,
    reference: ({ reference }) => reference,
  });
}

export function listMessages(sms: SmsParty, query: URLSearchParams): SimulatorReply {
  const asked = query.get('msisdn');
  if (asked === null) return list(query, sms.inboxes.all(), showMessage, {});
  const msisdn = readPathNumber(asked);
  if (!msisdn) return problemReply(422, 'msisdn is not a phone number');
  return list(query, sms.inboxes.of(msisdn), showMessage, {});
}

/** What billers were told, oldest first, repeats too. `?biller=`, `?type=` and `?limit=` narrow it. */
export function listWebhooks(webhooks: WebhookReceiver, query: URLSearchParams): SimulatorReply {
  return list(query, webhooks.all(), showWebhook, { biller: ({ biller }) => biller, type: ({ type }) => type });
}

/** Every mail that was taken in, oldest first. `?to=` and `?limit=` narrow it. */
export function listMail(mailboxes: Mailboxes, query: URLSearchParams): SimulatorReply {
  return list(query, mailboxes.all(), showMail, { to: ({ to }) => to });
}

function list<T>(
  query: URLSearchParams,
  rows: readonly T[],
  show: (row: T) => unknown,
  filters: Readonly<Record<string, (row: T) => string>>,
): SimulatorReply {
  let found = rows;
  for (const [name, columnOf] of Object.entries(filters)) {
    const asked = query.get(name);
    if (asked === null) continue;
    const wanted = name === 'msisdn' ? readPathNumber(asked) : asked;
    if (wanted === undefined) return problemReply(422, `${name} is not a phone number`);
    found = found.filter((row) => columnOf(row) === wanted);
  }
  const limit = query.get('limit');
  if (limit !== null && !/^[1-9]\d{0,5}$/.test(limit)) return problemReply(422, 'limit is not a number of rows');
  return jsonReply(200, (limit === null ? found : found.slice(-Number(limit))).map(show));
}

function instant(epochMs: number): string {
  return new Date(epochMs).toISOString();
}

function showTransaction({ receipt, kind, msisdn, amountMinor, currency, account, at }: Transaction) {
  return { receipt, kind, msisdn, amount: decimal(amountMinor, currency), currency, account, at: instant(at) };
}

function showPrompt({ checkoutRequestId, msisdn, amountMinor, account, at, closed }: Prompt) {
  const state = closed ? 'closed' : 'waiting';
  return { checkoutRequestId, msisdn, amount: decimal(amountMinor, 'KES'), account, at: instant(at), state, ...closed };
}

/** `tokens` are the digits in the order to enter them; `tokenKinds` says what each of them is. */
function showPosting({ biller, account, amountMinor, currency, reference, billerReference, tokens, at }: Posting) {
  return {
    biller,
    account,
    amount: formatDecimal({ amountMinor: BigInt(amountMinor), currency }),
    currency,
    reference,
    billerReference,
    tokens: tokens.map(({ digits }) => digits),
    tokenKinds: tokens.map(({ kind }) => kind),
    at: instant(at),
  };
}

function showMessage({ to, text, at, from, messageId }: Message) {
  return { to, text, at: instant(at), from, messageId };
}

function showWebhook({ at, ...webhook }: ReceivedWebhook) {
  return { ...webhook, at: instant(at) };
}

function showMail({ at, ...mail }: ReceivedMail) {
  return { ...mail, at: instant(at) };
}
