/** Pieces of the statements that match. Plain SQL that both stores understand; values are bound, never written in. */

export const INTO_RESULT = `
  INSERT INTO recon_result (recon_day_id, id, subject, transfer_id, payment_id, operator_line_id, biller_line_id,
    result_set, operator_set, biller_set, operator_rule, biller_rule, ours_minor, operator_minor, biller_minor)`;

/** A line counts once the whole statement that it stands in does: looked at with the line, since one may be being read now. */
export const COUNTS = (line: string) =>
  `${line}.line_state = 'accepted' AND (SELECT st.state FROM statement st WHERE st.id = ${line}.statement_id) = 'complete'`;

/**
 * The one verdict of what two sides say about row `x`, worst first. Absence counts when the wait is over and a statement covers
 * the day: at the operator whatever kind it is, since there a person must look either way; at a biller only a complete one.
 */
export function verdictSql(waited: boolean): string {
  const counted = `
    WHEN x.operator_set = 'missing' AND x.operator_cover <> 'none' THEN 'missing-at-operator'
    WHEN x.biller_set = 'missing' AND x.biller_cover = 'proven' THEN 'missing-at-biller'`;
  return `CASE
    WHEN x.purpose = 'second-money' OR x.operator_set = 'twice' OR x.biller_set = 'twice' THEN 'twice'
    WHEN x.operator_set = 'differs' OR x.biller_set = 'differs' THEN 'differs'
    ${waited ? counted : ''}
    WHEN x.operator_set = 'missing' OR x.biller_set = 'missing' THEN 'late'
    ELSE 'agrees' END`;
}

/** Transfer `t` went through an account of ours. What is paid from somebody's own account is in that account's statement, and ours proves nothing of it. */
export const OURS_ALONE = 't.own_short_code IS NULL';

/** What transfer `t` did to our float, signed as statements are: what we gained is positive. */
export const SIGNED = "CASE WHEN t.route = 'payout' THEN -t.amount_minor ELSE t.amount_minor END";

/** What the operator's lines `o` say of transfer `t`, in one group a transfer. Binds the tolerance. */
export const OPERATOR_SET = `CASE
    WHEN MIN(o.id) IS NULL THEN 'missing'
    WHEN MIN(o.id) <> MAX(o.id) THEN 'twice'
    WHEN ABS(MIN(o.amount_minor) - MIN(${SIGNED})) > ? OR MIN(o.currency) <> MIN(t.currency) THEN 'differs'
    ELSE 'agrees' END`;

/**
 * What the biller's lines `b` say of payment `p`. Nothing is expected of a payment that the biller shall not book; one that it
 * booked although its money is owed back or has no home is wrong, unless it was owed back only after the biller had given it up,
 * which may have a line of its own. Binds the tolerance.
 */
export const BILLER_SET = `CASE
    WHEN MIN(p.id) IS NULL OR MIN(p.state) = 'refunded' OR MIN(p.reason) = 'reasons.refund-agreed' THEN NULL
    WHEN MIN(p.state) IN ('suspense', 'refund-due') THEN CASE WHEN MIN(b.id) IS NULL THEN NULL ELSE 'differs' END
    WHEN MIN(b.id) IS NULL THEN 'missing'
    WHEN MIN(b.id) <> MAX(b.id) THEN 'twice'
    WHEN ABS(MIN(b.amount_minor) - MIN(p.amount_minor)) > ? OR MIN(b.currency) <> MIN(p.currency)
      OR (MIN(b.account) IS NOT NULL AND MIN(b.account) <> MIN(p.account)) THEN 'differs'
    ELSE 'agrees' END`;
