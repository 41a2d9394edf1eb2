import { z } from 'zod';
import { jsonReply, nairobiStamp, parseJson, type SimulatorReply, steadyName } from '../basis/index.ts';
import { sendCallback } from '../faults/index.ts';
import type { BookRecord } from '../journal/index.ts';
import { badField, describeResult } from './daraja-replies.ts';
import { decimal, type OperatorBooks, recordOf, type Transaction } from './operator-books.ts';
import type { OperatorDeps } from './operator-deps.ts';
import { fieldOf } from './stk-push.ts';

const webAddress = z
  .string()
  .max(500)
  .regex(/^https?:\/\/[^\s]+$/)
  .refine((address) => !/mpesa|safaricom|exe|cmd|sql|query/i.test(address), 'holds a word that the operator refuses');

const Registration = z.object({
  ShortCode: z.union([z.string(), z.number()]).transform(String),
  ResponseType: z.enum(['Completed', 'Cancelled']),
  ConfirmationURL: webAddress,
  ValidationURL: webAddress,
});

const ValidationAnswer = z.object({
  ResultCode: z.union([z.string(), z.number()]).transform(String),
  ThirdPartyTransID: z.string().optional(),
});

type Addresses = Extract<BookRecord, { book: 'addresses' }>;

export type PaybillOutcome =
  | { moved: true; receipt: string; validation: 'accepted' | 'unanswered' | 'none' }
  | { moved: false; code: string; description: string };

/** The customer pays the short code from the operator's own menu. */
export interface Paybill {
  register(body: string): Promise<SimulatorReply>;
  addresses(): Addresses | undefined;
  pay(input: { msisdn: string; amountMinor: bigint; account: string }): Promise<PaybillOutcome>;
  /** Sends the confirmation of money that has moved. */
  announce(transaction: Transaction, thirdPartyId?: string): Promise<void>;
  restore(record: BookRecord): void;
}

const VALIDATION_TIMEOUT_MS = 8_000;

export function makePaybill(deps: OperatorDeps & { books: OperatorBooks }): Paybill {
  let registered: Addresses | undefined;
  const announce = async (transaction: Transaction, thirdPartyId = '') => {
    if (!registered) return;
    const body = JSON.stringify(notice(deps, transaction, thirdPartyId));
    await sendCallback(deps, { url: registered.confirmationUrl, contentType: 'application/json', body, what: 'c2b' });
  };
  return {
    announce,
    addresses: () => registered,
    async register(body) {
      const { ids } = deps.runtime;
      const request = Registration.safeParse(parseJson(body));
      if (!request.success) return badField(ids, fieldOf(request.error));
      const { ShortCode: shortCode, ResponseType: responseType, ConfirmationURL, ValidationURL } = request.data;
      if (shortCode !== deps.config.operator.shortCode) return badField(ids, 'ShortCode');
      const urls = { confirmationUrl: ConfirmationURL, validationUrl: ValidationURL };
      registered = { book: 'addresses', shortCode, responseType, ...urls };
      await deps.journal().append(registered);
      const OriginatorCoversationID = ids.next();
      return jsonReply(200, { OriginatorCoversationID, ResponseCode: '0', ResponseDescription: 'Success' });
    },
    async pay(input) {
      const { books, config } = deps;
      const { currency } = config;
      const intent = { ...input, kind: 'paybill' as const, currency, shortCode: config.operator.shortCode };
      const receipt = books.newReceipt();
      if (books.balanceOf(input.msisdn) < input.amountMinor) return refused('1');
      const validation = await validate(deps, registered, { ...intent, receipt, at: deps.runtime.clock.now() });
      if (!validation.pays) return refused(validation.code);
      const transaction = books.move({ ...intent, receipt });
      if (!transaction) return refused('1');
      await deps.journal().append({ book: 'paybill', transaction: recordOf(transaction) });
      const balance = decimal(books.balanceOf(input.msisdn), currency);
      deps.desk.emit(input.msisdn, { type: 'wallet', balance, currency });
      announce(transaction, validation.thirdPartyId).catch((error: unknown) => {
        deps.log.error({ err: error }, 'a confirmation could not be sent');
      });
      return { moved: true, receipt, validation: validation.kind };
    },
    restore(record) {
      if (record.book === 'addresses') registered = record;
    },
  };
}

function refused(code: string): PaybillOutcome {
  return { moved: false, code, description: code.startsWith('C2B') ? 'Rejected' : describeResult(code) };
}

type Validation =
  | { pays: true; kind: 'accepted' | 'unanswered' | 'none'; thirdPartyId: string }
  | { pays: false; code: string };

/** Asks the merchant. No usable answer: ResponseType says whether the money moves. */
async function validate(
  deps: OperatorDeps & { books: OperatorBooks },
  to: Addresses | undefined,
  intent: Transaction,
): Promise<Validation> {
  if (!to) return { pays: true, kind: 'none', thirdPartyId: '' };
  const headers = { 'content-type': 'application/json' };
  const body = JSON.stringify(notice(deps, intent, ''));
  const request = { method: 'POST' as const, url: to.validationUrl, headers, body, timeoutMs: VALIDATION_TIMEOUT_MS };
  const answer = await deps.http.request(request).catch(() => undefined);
  const read = answer?.status === 200 ? ValidationAnswer.safeParse(parseJson(answer.body)) : undefined;
  if (!read?.success) {
    if (to.responseType === 'Cancelled') return { pays: false, code: 'C2B00016' };
    return { pays: true, kind: 'unanswered', thirdPartyId: '' };
  }
  if (!/^0+$/.test(read.data.ResultCode)) return { pays: false, code: read.data.ResultCode };
  return { pays: true, kind: 'accepted', thirdPartyId: read.data.ThirdPartyTransID ?? '' };
}

/** The payload of validation and confirmation, version 2: all strings, the payer masked. */
function notice(deps: OperatorDeps & { books: OperatorBooks }, transaction: Transaction, thirdPartyId: string) {
  const { msisdn, amountMinor, currency, kind } = transaction;
  return {
    TransactionType: kind === 'collect' ? 'Pay Bill Online' : 'Pay Bill',
    TransID: transaction.receipt,
    TransTime: nairobiStamp(transaction.at),
    TransAmount: decimal(amountMinor, currency),
    BusinessShortCode: transaction.shortCode,
    BillRefNumber: transaction.account,
    InvoiceNumber: '',
    OrgAccountBalance: decimal(deps.books.collectedMinor(), currency),
    ThirdPartyTransID: thirdPartyId,
    MSISDN: maskPayer(msisdn, deps.runtime.chance.fraction() < 0.5),
    FirstName: steadyName(msisdn).first,
    MiddleName: '',
    LastName: '',
  };
}

/** Both spellings are seen: `2547 ***** 126` and `25470****149`. */
function maskPayer(msisdn: string, spaced: boolean): string {
  const digits = msisdn.slice(1);
  return spaced ? `${digits.slice(0, 4)} ***** ${digits.slice(-3)}` : `${digits.slice(0, 5)}****${digits.slice(-3)}`;
}
