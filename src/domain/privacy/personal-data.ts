/** What becomes of a column when the person it is about is erased. */
export type Erasing =
  /** His pseudonym stands in its place. */
  | 'pseudonym'
  /** Emptied. */
  | 'emptied'
  /** The row goes. */
  | 'deleted'
  /** It stays, and why that names nobody. */
  | { stays: string };

export interface PersonalColumn {
  /** Section of a person's file that has it, or why none has. */
  file: string | { not: string };
  erased: Erasing;
}

const ACCOUNT = 'what was paid to whom is the books of us and of the biller; it names an account there, and no number';
const REASON = 'words of the service or of staff, in whose reasons numbers are masked';
const STAFF = 'staff, whose login an administrator ends; what they did stays under their id';
const BOOKS = 'says what his payment says';
const GIVEN_LIST =
  'a file that an organisation gave, which answers for it; nobody has been paid by it, and it goes whole after its time';
const ORGANISATION = 'an organisation and who speaks for it; it answers for its own people';
const WORK = 'names rows by their ids';

const both = (file: string, erased: Erasing): PersonalColumn => ({ file, erased });
const secret = (erased: Erasing): PersonalColumn => ({ file: { not: 'a secret' }, erased });
const house = (why: string): PersonalColumn => ({ file: { not: why }, erased: { stays: why } });

/**
 * Every column that holds, or may hold, something of a person, by table. A test walks the schema: a column that looks like one and stands
 * neither here nor in `NOT_PERSONAL` fails it.
 */
export const PERSONAL_DATA: Readonly<Record<string, Readonly<Record<string, PersonalColumn>>>> = {
  customer: {
    msisdn: both('customer', 'deleted'),
    pin_hash: secret('deleted'),
    pin_turn_key: secret('deleted'),
    pin_turn_result: secret('deleted'),
  },
  account_link: {
    account: both('linkedAccounts', 'deleted'),
    nickname: both('linkedAccounts', 'deleted'),
    holder: both('linkedAccounts', 'deleted'),
  },
  payment: {
    dialler: both('payments', 'pseudonym'),
    payer: both('payments', 'pseudonym'),
    holder: both('payments', 'emptied'),
    account: both('payments', { stays: ACCOUNT }),
    session_key: both('payments', 'emptied'),
    request_key: secret('emptied'),
    reason: both('payments', { stays: REASON }),
  },
  payment_event: { reason: both('payments', { stays: REASON }) },
  payment_token: { sealed_digits: both('payments', 'deleted') },
  refund: { reason: both('payments', { stays: REASON }) },
  refund_event: { reason: { file: { not: 'stands in the refund' }, erased: { stays: REASON } } },
  transfer: {
    payer: both('transfers', 'pseudonym'),
    masked_payer: both('transfers', 'emptied'),
    payer_name: both('transfers', 'emptied'),
    paybill_account: both('transfers', { stays: ACCOUNT }),
    callback_token: secret({ stays: 'random' }),
    result_description: both('transfers', { stays: 'words of the operator about an outcome' }),
  },
  transfer_event: { reason: both('transfers', { stays: REASON }) },
  message: {
    recipient: both('messages', 'pseudonym'),
    sealed_text: both('messages', 'emptied'),
    fact_key: secret('pseudonym'),
    failure: both('messages', { stays: 'a code of the provider' }),
  },
  sms_opt_out: { msisdn: both('blockedSenders', 'deleted') },
  kept_wish: { number_hash: house('a keyed hash, by which what he did not want holds when he comes back') },
  erasure: {
    number_hash: house('a keyed hash, by which his page knows that he was erased'),
    pending_key: secret('emptied'),
    sealed_number: { file: { not: 'is there only while he is being erased' }, erased: 'emptied' },
    pseudonym: secret('emptied'),
    reason: house(REASON),
  },
  reminder_consent: { msisdn: both('wishesAboutReminders', 'deleted') },
  bill_reminder: { recipient: both('reminders', 'deleted'), account: both('reminders', 'deleted') },
  elsewhere_payment: {
    account: both('paidElsewhere', { stays: ACCOUNT }),
    place: both('paidElsewhere', { stays: 'a bank or a branch' }),
  },
  dialog_part: {
    msisdn: both('sessions', 'pseudonym'),
    session_key: both('sessions', 'pseudonym'),
    path: both('sessions', { stays: 'names of screens, which the figures of the hours count' }),
  },
  note: { subject_id: both('notesOfStaff', 'deleted'), body: both('notesOfStaff', 'deleted') },
  inbox_event: {
    body: both('callbacks', 'emptied'),
    note: both('callbacks', { stays: REASON }),
    token: secret({ stays: 'random' }),
  },
  statement_line: {
    payer: both('statementLines', 'pseudonym'),
    masked_payer: both('statementLines', 'emptied'),
    detail: both('statementLines', 'emptied'),
    account: both('statementLines', { stays: ACCOUNT }),
  },
  payout_list: { findings: house(GIVEN_LIST) },
  payout_list_row: {
    msisdn: house(GIVEN_LIST),
    name: house(GIVEN_LIST),
    cells: house(GIVEN_LIST),
    findings: house(GIVEN_LIST),
  },
  payout_row: {
    msisdn: both('payouts', 'pseudonym'),
    name: both('payouts', 'emptied'),
    extra: both('payouts', 'emptied'),
    reference: both('payouts', 'emptied'),
    answer: both('payouts', { stays: 'yes or no' }),
  },
  payout_answer: {
    answer: { file: { not: 'the last one stands in the payout' }, erased: 'deleted' },
    turn_key: secret('deleted'),
  },
  payout_row_event: { reason: { file: { not: 'stands in the payout' }, erased: { stays: REASON } } },
  payout_claim: { reason: house(REASON) },
  payout_claim_event: { reason: house(REASON) },
  payout_schedule_event: { reason: house(REASON) },
  payout_batch: {
    name: house('the name of a list'),
    pause_detail: house('words of the operator about us'),
    stop_reason: house(REASON),
  },
  payout_batch_event: { reason: house(REASON) },
  organisation: {
    name: house(ORGANISATION),
    registration_number: house(ORGANISATION),
    contact_name: house(ORGANISATION),
    contact_email: house(ORGANISATION),
    contact_phone: house(ORGANISATION),
    halt_detail: house('words of the operator about us, or of staff'),
  },
  organisation_event: { reason: house(REASON) },
  paybill_application: { note: house(REASON) },
  paybill_application_event: { reason: house(REASON) },
  organisation_document_part: { sealed_content: house('papers of an organisation') },
  funding_event: { reason: house(REASON) },
  idempotent_request: {
    sealed_body: {
      file: { not: 'what an organisation was told of its own batch; it goes after a day' },
      erased: { stays: 'goes after a day' },
    },
  },
  statement_fault: {
    reason: { file: { not: 'a row that could not be read belongs to nobody' }, erased: 'emptied' },
  },
  outbox: {
    payload: { file: { not: WORK }, erased: 'emptied' },
    last_error: { file: { not: WORK }, erased: 'emptied' },
    work_key: house(WORK),
  },
  webhook_event: { body: house('what a biller was told of its account: never a number'), fact_key: house(WORK) },
  webhook_attempt: { answer: { file: { not: 'words of a biller to us' }, erased: 'emptied' } },
  reconciliation_break: {
    detail: house('references and amounts'),
    proposed_reason: house(REASON),
    confirmed_reason: house(REASON),
  },
  reconciliation_break_event: { reason: house(REASON) },
  settlement_line: { account: house(BOOKS) },
  export_run: { query: house('filters of a list, in which a number is sealed') },
  approval: { reason: house(REASON) },
  approval_vote: { reason: house(REASON) },
  audit_entry: {
    subject_id: both('actsOfStaff', { stays: 'the id of a row that is gone, or a keyed hash' }),
    reason: both('actsOfStaff', { stays: REASON }),
    address: house(STAFF),
    state_before: house('ids and states'),
    state_after: house('ids and states'),
  },
  staff_member: {
    email: house(STAFF),
    name: house(STAFF),
    phone: house(STAFF),
    password_hash: house(STAFF),
    sealed_secret: house(STAFF),
  },
  staff_session: { address: house(STAFF), agent: house(STAFF) },
  mail: {
    recipient: house('staff and billers; customers get no mail'),
    sealed_subject: house('staff and billers; customers get no mail'),
    sealed_text: house('staff and billers; customers get no mail'),
    sealed_html: house('staff and billers; customers get no mail'),
    failure: house('an answer of a mail server'),
    fact_key: house(WORK),
  },
};

/** Columns that sound like it and hold nothing of a person. */
export const NOT_PERSONAL: Readonly<Record<string, readonly string[]>> = {
  archived_content: ['content', 'content_hash'],
  job_run: ['name'],
  closed_account: ['account'],
  ledger_entry: ['subject_id'],
  ledger_posting: ['account'],
  hour_movements: ['account'],
  approval: ['subject_id', 'subject_hash'],
  audit_entry: ['subject_kind'],
  transfer: ['failure_cause', 'own_account_id'],
  operator_balance: ['callback_token'],
  export_run: ['numbers'],
  payout_list: ['file_name', 'content_hash', 'column_names'],
  organisation: ['halt_reason', 'recipient_news'],
  organisation_document: ['file_name', 'content_type', 'content_hash'],
  api_key: ['name', 'key_hash'],
  idempotent_request: ['idempotency_key'],
  quotation: ['number', 'details'],
  funding: ['order_number'],
  payout_batch: ['number', 'content_hash', 'pause_reason'],
  payout_row: ['failure_cause'],
  payout_schedule: ['name', 'standing_recipients_hash'],
  payout_claim: ['case_number'],
  retention_place: ['place'],
  erasure: ['place'],
  reminder_run: ['cursor_text'],
  recon_run: ['place'],
  recon_result: ['subject'],
  assignment: ['subject_id'],
  inbox_event: ['subject_id', 'body_hash'],
  message: ['subject_id'],
  reconciliation_break: ['subject_id'],
  bill_reminder: ['reason'],
  sms_opt_out: ['sender_name'],
  statement: ['file_name', 'content_hash', 'problem', 'reading_key'],
  statement_line: ['line_key'],
  statement_fault: ['column_name'],
  elsewhere_file: ['file_name', 'content_hash'],
  webhook_endpoint: ['reason'],
  webhook_endpoint_change: ['reason'],
  webhook_secret: ['sealed_secret'],
  staff_session: ['sealed_offer'],
  settlement_event: ['reason'],
  dialog_part: ['network', 'last_screen'],
};

/** How a column is called that may hold something of a person. */
export const LOOKS_PERSONAL =
  /msisdn|phone|number|payer|dialler|recipient|holder|name|account|body|text|subject|address|agent|mail|note$|detail|reason|answer|payload|error|failure|problem|description|key$|html|digits|place$|path|content|query|state_before|state_after|pin_hash|token$|secret/;
