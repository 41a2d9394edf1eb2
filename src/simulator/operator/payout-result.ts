import { nairobiStamp, steadyName } from '../basis/index.ts';
import { type Conversation, describeResult } from './daraja-replies.ts';
import { decimal, type OperatorBooks, type Transaction } from './operator-books.ts';
import type { OperatorDeps } from './operator-deps.ts';

interface Told {
  conversation: Conversation;
  call: { Amount: string; PartyA: string };
  msisdn: string;
  /** The payout, or the code of why there is none. */
  truth: Transaction | string;
  /** What is said, true or not. */
  code: string;
}

/** A failure has no parameters, and an id of nothing that moved. */
export function payoutResult(deps: OperatorDeps, books: OperatorBooks, told: Told) {
  const { conversation, truth, code, call, msisdn } = told;
  const now = deps.runtime.clock.now();
  const year = nairobiStamp(now).slice(2, 4);
  const said = { ResultType: 0, ResultCode: numberOr(code), ResultDesc: describeResult(code), ...conversation };
  const ReferenceData = {
    ReferenceItem: {
      Key: 'QueueTimeoutURL',
      Value: 'https://internalsandbox.safaricom.co.ke/mpesa/b2cresults/v1/submit',
    },
  };
  if (code !== '0') return { Result: { ...said, TransactionID: `${year}00000000`, ReferenceData } };
  // One who claims a success that was none draws a receipt for it.
  const receipt = typeof truth === 'string' ? books.newReceipt() : truth.receipt;
  const at = typeof truth === 'string' ? now : truth.at;
  const { first, last } = steadyName(msisdn);
  const left = Number(decimal(books.collectedMinor(call.PartyA), deps.config.currency));
  const ResultParameter = [
    { Key: 'TransactionAmount', Value: Number(call.Amount) },
    { Key: 'TransactionReceipt', Value: receipt },
    { Key: 'ReceiverPartyPublicName', Value: `${msisdn.slice(1)} - ${first} ${last}` },
    { Key: 'TransactionCompletedDateTime', Value: written(at) },
    { Key: 'B2CUtilityAccountAvailableFunds', Value: left },
    { Key: 'B2CWorkingAccountAvailableFunds', Value: 0 },
    { Key: 'B2CRecipientIsRegisteredCustomer', Value: 'Y' },
    { Key: 'B2CChargesPaidAccountAvailableFunds', Value: -4510 },
  ];
  return { Result: { ...said, TransactionID: receipt, ResultParameters: { ResultParameter }, ReferenceData } };
}

/** Codes of digits are numbers on the wire, others text. */
function numberOr(code: string): number | string {
  return /^\d{1,9}$/.test(code) ? Number(code) : code;
}

/** `06.07.2024 22:48:52` */
function written(atMs: number): string {
  const [, year, month, day, hour, minute, second] =
    /^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)$/.exec(nairobiStamp(atMs)) ?? [];
  return `${day}.${month}.${year} ${hour}:${minute}:${second}`;
}
