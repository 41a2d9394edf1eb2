import type { Connection } from 'mysql2/promise';

/** Two years of payments before today: what the tables hold when the service has run for long. */
const DAYS = 730;

/**
 * Adds payments from number `from` to `to`, each with its transfer, ledger entry and postings, and receipt. Uses MariaDB's
 * sequence engine: the rows are made in the server.
 */
export async function fillTables(sql: Connection, from: number, to: number, nowMs: number): Promise<void> {
  await sql.query('SET SESSION unique_checks = 0, foreign_key_checks = 0');
  for (let start = from; start < to; start += CHUNK) {
    const end = Math.min(start + CHUNK, to);
    for (const statement of statementsFor(start + 1, end, to, nowMs)) await sql.query(statement);
  }
  for (const table of TABLES) await sql.query(`ANALYZE TABLE ${table}`);
}

const CHUNK = 250_000;
const FIRST_NAMES = ['JANE', 'PETER', 'AMINA', 'JOHN', 'FATUMA', 'DAVID', 'GRACE'];
const FAMILY_NAMES = [
  'WANJIKU',
  'OTIENO',
  'HASSAN',
  'MWANGI',
  'ACHIENG',
  'KIPLAGAT',
  'NJERI',
  'OMONDI',
  'CHEBET',
  'MUTUA',
  'WAMBUI',
];
const quoted = (names: readonly string[]) => names.map((name) => `'${name}'`).join(', ');

/** What payment number `seq` was filled with, as somebody would look for it. */
export function filledPayment(seq: number) {
  const digits = seq.toString(8).replaceAll('0', '8').replaceAll('1', '9');
  return {
    reference: `M${digits.padStart(9, '8')}`,
    receipt: `G${String(seq).padStart(9, '0')}`,
    phone: `079${String(seq % 3_000_000).padStart(7, '0')}`,
    account: `9${String(seq % 3_000_000).padStart(8, '0')}`,
    amount: String(100 + (seq % 400)),
    name: `${FIRST_NAMES[seq % FIRST_NAMES.length]} ${FAMILY_NAMES[Math.floor(seq / 7) % FAMILY_NAMES.length]}`,
    id: `00000000-0001-7000-8000-${seq.toString(16).padStart(12, '0')}`,
  };
}

const TABLES = ['payment', 'transfer', 'ledger_entry', 'ledger_posting', 'message'];

function statementsFor(first: number, last: number, total: number, nowMs: number): string[] {
  const at = `${nowMs - DAYS * 86_400_000} + FLOOR(seq * ${(DAYS * 86_400_000) / total})`;
  const id = (kind: number) => `CONCAT('00000000-000${kind}-7000-8000-', LPAD(HEX(seq), 12, '0'))`;
  const phone = "CONCAT('+25479', LPAD(seq MOD 3000000, 7, '0'))";
  const reference = "CONCAT('M', LPAD(REPLACE(REPLACE(OCT(seq), '0', '8'), '1', '9'), 9, '8'))";
  const amount = '(100 * (100 + seq MOD 400))';
  const from = `FROM seq_${first}_to_${last}`;
  const posting = (kind: number, account: string, minor: string) =>
    `INSERT INTO ledger_posting (id, entry_id, account, amount_minor, currency) SELECT ${id(kind)}, ${id(3)}, '${account}', ${minor}, 'KES' ${from}`;
  return [
    `INSERT INTO payment (id, reference, channel, request_key, session_key, biller_id, account, holder, amount_minor, currency, dialler, payer,
       language, state, transfer_id, operator_receipt, created_at, collected_at, posted_at)
     SELECT ${id(1)}, ${reference}, 'ussd', CONCAT('fill:', seq), NULL, IF(seq MOD 5 < 2, 'jua-power', 'maji-water'), CONCAT('9', LPAD(seq MOD 3000000, 8, '0')), 'F***',
       ${amount}, 'KES', ${phone}, ${phone}, 'en', 'posted', ${id(2)}, CONCAT('G', LPAD(seq, 9, '0')), ${at}, ${at}, ${at} ${from}`,
    `INSERT INTO transfer (id, operator, route, reference, callback_token, purpose, purpose_id, amount_minor, currency, payer, payer_name, state, receipt,
       result_code, evidence_rank, created_at, submitted_at, settled_at, completed_at)
     SELECT ${id(2)}, 'mpesa', 'prompt', ${reference}, CONCAT('fill', SHA1(seq)), 'payment', ${id(1)}, ${amount}, 'KES', ${phone},
       CONCAT(ELT(1 + seq MOD ${FIRST_NAMES.length}, ${quoted(FIRST_NAMES)}), ' ', ELT(1 + FLOOR(seq / 7) MOD ${FAMILY_NAMES.length}, ${quoted(FAMILY_NAMES)})), 'succeeded',
       CONCAT('G', LPAD(seq, 9, '0')), '0', 'callback', ${at}, ${at}, ${at}, ${at} ${from}`,
    `INSERT INTO ledger_entry (id, kind, subject_id, at) SELECT ${id(3)}, 'collected', ${id(2)}, ${at} ${from}`,
    posting(4, 'float:mpesa', amount),
    posting(5, 'collected-unposted', `-${amount}`),
    `INSERT INTO message (id, fact_key, recipient, kind, subject_id, sealed_text, sender, state, segments, attempts, lost_answers,
       provider_message_id, cost, created_at, sent_at, finished_at)
     SELECT ${id(6)}, CONCAT('receipt:fill:', seq), ${phone}, 'receipt-balance', ${id(1)}, REPEAT('x', 220), 'receipts', 'delivered', 1, 1, 0,
       CONCAT('ATfill_', seq), 'KES 0.8000', ${at}, ${at}, ${at} ${from}`,
  ];
}
