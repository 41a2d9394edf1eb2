/*
 * Which columns of the store hold words of somebody outside: customers, billers, operators, providers, and staff too. Whatever is
 * not said to be ours is tried, so a new column has its place here, or the test of hostile pages fails.
 */

/** By table: what a page of the console or the page to pay shows. */
export const SHOWN: Readonly<Record<string, readonly string[]>> = {
  payment: ['account', 'holder', 'reason', 'operatorReceipt', 'billerReference'],
  payment_event: ['reason'],
  transfer: ['receipt', 'resultCode'],
  transfer_event: ['reason'],
  account_link: ['account', 'nickname', 'holder'],
  message: ['cost', 'failure'],
  sms_opt_out: ['senderName'],
  inbox_event: ['body', 'note'],
  outbox: ['lastError'],
  dialog_part: ['path'],
  note: ['body'],
  approval: ['reason'],
  approval_vote: ['reason'],
  refund: ['reason'],
  audit_entry: ['reason', 'before', 'after', 'address'],
  staff_member: ['name'],
  staff_session: ['address', 'agent'],
  reconciliation_break: ['detail', 'proposedReason'],
  reconciliation_break_event: ['reason'],
  settlement: ['paidFrom', 'bankReference'],
  settlement_line: ['account', 'operatorReceipt', 'billerReference'],
  settlement_event: ['reason'],
  webhook_endpoint: ['url', 'reason'],
  webhook_endpoint_change: ['reason'],
  webhook_attempt: ['answer'],
  funding: ['orderNumber', 'claimEvidence'],
  organisation: ['name', 'registrationNumber', 'contactName', 'contactEmail', 'haltDetail'],
  organisation_event: ['reason'],
  paybill_application: ['note'],
  paybill_application_event: ['reason'],
  organisation_document: ['fileName'],
  api_key: ['name'],
  payout_list: ['fileName', 'names', 'findings'],
  payout_list_row: ['cells', 'findings'],
  payout_batch: ['name', 'pauseDetail', 'stopReason'],
  payout_batch_event: ['reason'],
  payout_row: ['name', 'reference', 'receipt'],
  payout_row_event: ['reason'],
  payout_claim: ['caseNumber', 'reason', 'returnReceipt'],
  payout_claim_event: ['reason'],
  payout_schedule: ['name'],
  payout_schedule_event: ['reason'],
};

/** Columns that hold JSON of ours with words of others in it: how such words come in. */
export const JSON_COLUMNS: Readonly<Record<string, (text: string) => unknown>> = {
  'payout_list.names': (title) => ({ row: 1, columns: ['phone', 'amount', null].map((field) => ({ title, field })) }),
  'payout_list.findings': (sheet) => [
    { sheet, row: null, column: null, title: sheet, code: 'sheet.not-read', severity: 'warning', values: {} },
  ],
  'payout_list_row.cells': (text) => [text, text, text],
  'payout_list_row.findings': (text) => [
    { code: 'phone.not-a-number', severity: 'fault', column: 0, values: { text } },
  ],
};

/** From outside too, and on no page yet. Where there is a row of it, it is planted all the same. */
export const NOT_SHOWN: Readonly<Record<string, readonly string[]>> = {
  payment: ['units'],
  transfer: [
    'maskedPayer',
    'payerName',
    'paybillAccount',
    'resultDescription',
    'checkoutRequestId',
    'merchantRequestId',
  ],
  closed_account: ['account'],
  message: ['providerMessageId'],
  dialog_part: ['network', 'lastScreen'],
  refund_event: ['reason'],
  reconciliation_break: ['confirmedReason'],
  elsewhere_payment: ['account', 'reference', 'place'],
  elsewhere_file: ['fileName'],
  bill_reminder: ['bill', 'account', 'reason'],
  reminder_run: ['cursorText'],
  statement: ['fileName', 'proof', 'problem'],
  statement_line: ['receipt', 'reference', 'account', 'maskedPayer', 'linkedReceipt', 'detail'],
  statement_fault: ['columnName', 'reason'],
  webhook_event: ['body'],
  organisation: ['contactPhone'],
  organisation_document: ['contentType'],
  mail: ['recipient', 'failure'],
  erasure: ['reason'],
  payout_list_row: ['name', 'reference'],
  funding: ['bankEvidence', 'moveEvidence'],
  payout_batch: ['titles'],
  payout_row: ['extra'],
  funding_event: ['reason'],
  payout_list: ['sheet'],
};

/** Made by us, or of a shape that the door proves: a rule, a name in any table, or a column. What is named above is not among them. */
const OURS: readonly (RegExp | string)[] = [
  ...[
    /Ids?$/,
    /Key$/,
    /[hH]ash$/,
    /^sealed/,
    /[tT]oken$/,
    /^fingerprint$/,
    /State$/,
    /Rule$/,
    /Set$/,
    /Cover$/,
    /Day$/,
  ],
  ...words('state kind topic currency language msisdn payer dialler recipient phone email roles role scope tokenKind'),
  ...words(
    'provider operator route purpose channel sender source wish verdict subjectKind actor actorKind act endedAs',
  ),
  ...words(
    'claimedBy proposedBy confirmedBy signedBy paidBy outcome side party day asOf lineKind format numbers screen',
  ),
  ...words(
    'breakType suggestedAction resolution failureCause evidenceRank eventType eventTypes ownerKind pinTurnResult',
  ),
  ...words(
    'payment.reference transfer.reference settlement_line.reference ledger_posting.account hour_movements.account',
  ),
  ...words('job_run.name job_run.owner archived_content.content outbox.payload approval.policy approval.makers'),
  ...words('export_run.list export_run.query hour_waits.waits reconciliation_break.owner recon_result.subject'),
  ...words(
    'assignment.queue staff_session.stage webhook_endpoint_change.change recon_run.phase recon_run.place retention_place.place',
  ),
  ...words(
    'organisation.country organisation.shortCode ownShortCode organisation.purposes organisation.approvalBands organisation.recipientNews haltReason',
  ),
  ...words(
    'appliedBy givenBy mendedBy createdBy openedBy pausedBy hint scopes number quotation.details funding.reference',
  ),
  ...words('claimedStep pauseReason hours makers payout_row.warnings answer rule amounts standingApprovers'),
  ...words('payout_schedule_run.why'),
  ...words(
    'erasure.pseudonym erasure.step erasure.place payout_list.givenBy payout_list.counts payout_list_row.standing',
  ),
];

export interface HostileField {
  table: string;
  property: string;
  isShown: boolean;
  /** By which it is known again on a page. */
  index: number;
}

export const HOSTILE_FIELDS: readonly HostileField[] = [...listed(SHOWN, true), ...listed(NOT_SHOWN, false)].map(
  (field, index) => ({ ...field, index: index + 10 }),
);

function listed(tables: Readonly<Record<string, readonly string[]>>, isShown: boolean) {
  return Object.entries(tables).flatMap(([table, properties]) =>
    properties.map((property) => ({ table, property, isShown })),
  );
}

export function isOurs(table: string, property: string): boolean {
  return OURS.some((rule) =>
    typeof rule === 'string' ? rule === property || rule === `${table}.${property}` : rule.test(property),
  );
}

function words(text: string): string[] {
  return text.split(' ');
}

const STARTS = ['=', '+', '-', '@', '\t='];

/** Markup, scripts, what breaks out of an attribute, templates, SQL, formulas, marks that turn the direction of writing. */
export function hostileText({ index }: HostileField, length: number): string {
  const start = STARTS[index % STARTS.length];
  const text = `${start}<evil-${index} onclick=alert(${index})>"'><script>alert(${index})</script><img src=x onerror=alert(1)>`;
  return `${text}\u202e\u0007{{7*7}}\${7*7}' OR 1=1; -- <style>*{display:none}</style></main></body>`.slice(0, length);
}

/** One word as long as the column. */
export function longWord({ index }: HostileField, length: number): string {
  return `<evil-${index}>`.padEnd(Math.min(length, 600), 'W').slice(0, length);
}

/** What an address of the console may hold after its question mark. */
export const QUERY_NAMES: readonly string[] =
  'q lang done to standing from after before person phone biller account state amount operator currency narrow check seen quoted type party day owner'.split(
    ' ',
  );
