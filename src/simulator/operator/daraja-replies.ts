import type { Ids, Runtime } from '../../kernel/index.ts';
import { jsonReply, nairobiStamp, type SimulatorReply } from '../basis/index.ts';

/** The operator's own error body, `{requestId, errorCode, errorMessage}`. */
export function darajaError(ids: Ids, status: number, errorCode: string, errorMessage: string): SimulatorReply {
  return jsonReply(status, { requestId: ids.next(), errorCode, errorMessage });
}

export function badField(ids: Ids, field: string): SimulatorReply {
  return darajaError(ids, 400, '400.002.02', `Bad Request - Invalid ${field}`);
}

/** The operator's words by result code of a prompt. */
const DESCRIPTIONS: Readonly<Record<string, string>> = {
  '0': 'The service request is processed successfully.',
  '1': 'The balance is insufficient for the transaction.',
  '2': 'The amount is less than the minimum transaction value.',
  '3': 'The amount is more than the maximum transaction value.',
  '4': 'The daily transfer limit would be exceeded.',
  '8': 'The maximum account balance would be exceeded.',
  '17': 'A similar transaction was made within two minutes.',
  '11': 'The DebitParty is in an invalid state.',
  '21': 'The initiator is not allowed to initiate this request.',
  '1019': 'Transaction has expired.',
  '1025': 'An error occurred while sending a push request.',
  '1032': 'Request cancelled by user.',
  '1037': 'DS timeout user cannot be reached.',
  '2001': 'The initiator information is invalid.',
  '2006': 'The account status does not allow the transaction.',
  '2028': 'The request is not permitted according to product assignment.',
  '2040': 'Credit Party customer type (Unregistered or Registered Customer) can not be supported by the service.',
  '8006': 'The security credential is locked.',
  SFC_IC0003: 'The operator does not exist.',
  R000001: 'The transaction has already been reversed.',
  R000002: 'The OriginalTransactionID is invalid.',
  '4999': 'The transaction is still under processing.',
};

export function describeResult(code: string): string {
  return DESCRIPTIONS[code] ?? 'An error occurred while processing the request.';
}

export interface Conversation {
  OriginatorConversationID: string;
  ConversationID: string;
}

/** The ids of a request that is answered by callback. */
export function newConversation({ clock, chance, ids }: Runtime): Conversation {
  const day = nairobiStamp(clock.now()).slice(0, 8);
  return {
    OriginatorConversationID: ids.next(),
    ConversationID: `AG_${day}_${chance.bytes(10).toString('hex')}`,
  };
}
