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
const TABLES = ['payment', 'transfer', 'ledger_entry', 'ledger_posting', 'message'];

function statementsFor(first: number, last: number, total: number, nowMs: number): string[] {
  const at = `${nowMs - DAYS * 86_400_000} + FLOOR(seq * ${(DAYS * 86_400_000) / total})`;
  const id = (kind: number) => `CONCAT('00000000-000${kind}-7000-8000-', LPAD(HEX(seq), 12, '0'))`;
  const phone = "CONCAT('+25479', LPAD(seq MOD 3000000, 7, '0'))";
  const from = `FROM seq_${first}_to_${last}`;
  const posting = (kind: number, account: string, amount: number) =>
    `INSERT INTO ledger_posting (id, entry_id, account, amount_minor, currency) SELECT ${id(kind)}, ${id(3)}, '${account}', ${amount}, 'KES' ${from}`;
  return [
    `INSERT INTO payment (id, reference, channel, request_key, session_key, biller_id, account, holder, amount_minor, currency, dialler, payer,
       language, state, transfer_id, operator_receipt, created_at, collected_at, posted_at)
     SELECT ${id(1)}, CONCAT('F', LPAD(seq, 9, '0')), 'ussd', CONCAT('fill:', seq), NULL, 'maji-water', CONCAT('9', LPAD(seq, 8, '0')), 'F***', 12000, 'KES',
       ${phone}, ${phone}, 'en', 'posted', ${id(2)}, CONCAT('G', LPAD(seq, 9, '0')), ${at}, ${at}, ${at} ${from}`,
    `INSERT INTO transfer (id, operator, route, reference, callback_token, purpose, purpose_id, amount_minor, currency, payer, state, receipt,
       result_code, evidence_rank, created_at, submitted_at, settled_at, completed_at)
     SELECT ${id(2)}, 'mpesa', 'prompt', CONCAT('F', LPAD(seq, 9, '0')), CONCAT('fill', SHA1(seq)), 'payment', ${id(1)}, 12000, 'KES', ${phone}, 'succeeded',
       CONCAT('G', LPAD(seq, 9, '0')), '0', 'callback', ${at}, ${at}, ${at}, ${at} ${from}`,
    `INSERT INTO ledger_entry (id, kind, subject_id, at) SELECT ${id(3)}, 'collected', ${id(2)}, ${at} ${from}`,
    posting(4, 'float:mpesa', 12_000),
    posting(5, 'collected-unposted', -12_000),
    `INSERT INTO message (id, fact_key, recipient, kind, subject_id, sealed_text, sender, state, segments, attempts, lost_answers,
       provider_message_id, cost, created_at, sent_at, finished_at)
     SELECT ${id(6)}, CONCAT('receipt:fill:', seq), ${phone}, 'receipt-balance', ${id(1)}, REPEAT('x', 220), 'receipts', 'delivered', 1, 1, 0,
       CONCAT('ATfill_', seq), 'KES 0.8000', ${at}, ${at}, ${at} ${from}`,
  ];
}
