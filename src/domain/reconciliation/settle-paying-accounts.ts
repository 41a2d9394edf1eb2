import { MoreThan } from 'typeorm';
import { addDays, businessDay, dayWindow } from '../../kernel/index.ts';
import { TransferSchema, transferEvent } from '../../money/transfers/index.ts';
import type { Tx } from '../../platform/database/index.ts';
import { applyLine } from './apply-line.ts';
import { isProven } from './cover.ts';
import { ANSWERED_WITHIN_MS, failAbsent } from './fail-absent.ts';
import { COUNTS } from './match-sql.ts';
import { OLDEST_DAYS } from './new-statements.ts';
import { type PayingAccount, readPayingParty } from './paying-account.ts';
import type { ReconDeps } from './recon-deps.ts';
import { hasWaited } from './recon-units.ts';
import { type Statement, StatementSchema } from './statement.ts';

interface Pass {
  deps: ReconDeps;
  account: PayingAccount;
  party: string;
  /** The night's. */
  asOf: string;
  signal: AbortSignal;
  report(done: number): void;
}

/** Facts of one commit. */
const TOGETHER = 50;
interface PayingOptions {
  signal: AbortSignal;
  /** Whether no night has compared that statement. */
  isNew(statementId: string): boolean;
  report(done: number): void;
}

/**
 * What statements of accounts decide that only pay: organisations' own short codes, and ours where it is not the paybill. Only what we asked
 * of such an account is looked at: its lines decide payouts that nobody knew of and bring back what was taken back, and their absence in a
 * complete one proves a failure; all else there (an organisation's own business) is in no version of a day. Run again, it does nothing twice.
 */
export async function settlePayingAccounts(
  deps: ReconDeps,
  asOf: string,
  { signal, isNew, report }: PayingOptions,
): Promise<void> {
  const statements = await statementsSince(deps, asOf);
  for (const party of [...new Set(statements.map((one) => one.party))].sort()) {
    const account = readPayingParty(deps, party);
    if (!account) continue;
    const pass: Pass = { deps, account, party, asOf, signal, report };
    await applyLines(pass);
    await failWhatIsAbsent(pass);
    const own = statements.filter((one) => one.party === party && isNew(one.id));
    for (const day of daysToCompare(deps, own, asOf)) await compare(pass, day);
  }
}

/** As it is bound: what is paid from ours has no own short code. */
const ofAccount = ({ operator, ownShortCode }: PayingAccount): [string, string] => [operator, ownShortCode ?? ''];

type Covering = Pick<Statement, 'id' | 'party' | 'fromMs' | 'toMs'>;

function statementsSince({ database, reconSettings }: ReconDeps, asOf: string): Promise<Covering[]> {
  const { fromMs } = dayWindow(addDays(asOf, -OLDEST_DAYS), reconSettings.timeZone);
  return database.reader.find(StatementSchema, {
    where: { side: 'operator', state: 'complete', toMs: MoreThan(fromMs) },
    select: { id: true, party: true, fromMs: true, toMs: true },
  });
}

/** The day whose lines have had their time to come by this night, and earlier ones of statements that no night has compared. */
function daysToCompare({ reconSettings }: ReconDeps, statements: readonly Covering[], asOf: string): string[] {
  const { timeZone, waitDays } = reconSettings;
  const [ripe, oldest] = [addDays(asOf, -waitDays), addDays(asOf, -OLDEST_DAYS)];
  const days = new Set([ripe]);
  for (const { fromMs, toMs } of statements) {
    if (fromMs === null || toMs === null) continue;
    const first = businessDay(fromMs, timeZone);
    for (
      let day = first < oldest ? oldest : first;
      day < ripe && dayWindow(day, timeZone).fromMs < toMs;
      day = addDays(day, 1)
    )
      days.add(day);
  }
  return [...days].sort();
}

interface OwnLine {
  id: string;
  line_kind: string;
  /** The payout that it answers, or undoes. */
  subject_id: string;
}

/** Lines that answer a request of ours for this account, or undo a payout of it, and are not booked yet. */
const LINES = `
  SELECT l.id, l.line_kind, COALESCE(w.id, u.id) AS subject_id FROM statement_line l
  LEFT JOIN transfer t ON t.operator = ? AND t.receipt = l.receipt
  LEFT JOIN transfer w ON l.line_kind = 'payout' AND w.reference = l.reference AND w.route = 'payout' AND w.operator = ?
    AND COALESCE(w.own_short_code, '') = ?
  LEFT JOIN transfer u ON l.line_kind = 'reversal' AND u.operator = ? AND u.receipt = l.linked_receipt AND u.route = 'payout'
    AND COALESCE(u.own_short_code, '') = ?
  WHERE l.party = ? AND l.day >= ? AND ${COUNTS('l')} AND l.side = 'operator' AND l.receipt IS NOT NULL AND l.id > ?
    AND t.id IS NULL AND (w.id IS NOT NULL OR u.id IS NOT NULL)
  ORDER BY l.id LIMIT ${TOGETHER}`;

async function applyLines(pass: Pass): Promise<void> {
  const { deps, account, party, asOf } = pass;
  const [operator, own] = ofAccount(account);
  const of = [operator, operator, own, operator, own, party, addDays(asOf, -OLDEST_DAYS)];
  for (let after = ''; ; ) {
    const lines: OwnLine[] = await deps.database.reader.query(LINES, [...of, after]);
    const last = lines.at(-1);
    if (!last) return;
    await inCommits(pass, lines, (tx, line) => applyOwnLine(pass, tx, line));
    after = last.id;
  }
}

async function applyOwnLine(pass: Pass, tx: Tx, { id, line_kind, subject_id }: OwnLine): Promise<void> {
  const payout = await tx.findOne(TransferSchema, { id: subject_id });
  if (line_kind === 'payout' && payout?.state === 'succeeded' && payout.receipt !== null) {
    return tell(pass, tx, 'contradiction', subject_id, `it was paid by ${payout.receipt}, and once more`);
  }
  const applied = await applyLine(pass.deps, tx, id);
  if (applied.transferId === undefined) await tell(pass, tx, 'contradiction', subject_id, applied.why);
}

interface Undecided {
  id: string;
  submitted_at: unknown;
}

const UNDECIDED = `SELECT id, submitted_at FROM transfer
  WHERE state IN ('submitted', 'unknown') AND operator = ? AND COALESCE(own_short_code, '') = ? AND submitted_at < ? ORDER BY submitted_at, id`;

async function failWhatIsAbsent(pass: Pass): Promise<void> {
  const { deps, account, party, asOf } = pass;
  const { timeZone } = deps.reconSettings;
  const { toMs: endMs } = dayWindow(asOf, timeZone);
  const bind = [...ofAccount(account), endMs];
  const byDay = new Map<string, Undecided[]>();
  for (const one of (await deps.database.reader.query(UNDECIDED, bind)) as Undecided[]) {
    const day = businessDay(Number(one.submitted_at), timeZone);
    byDay.set(day, [...(byDay.get(day) ?? []), one]);
  }
  for (const [day, some] of byDay) {
    const { fromMs, toMs } = dayWindow(day, timeZone);
    if (!hasWaited(deps.reconSettings, day, asOf)) continue;
    if (!(await isProven(deps, party, fromMs, toMs + ANSWERED_WITHIN_MS))) continue;
    for (let at = 0; at < some.length; at += TOGETHER) {
      await inCommits(pass, some.slice(at, at + TOGETHER), (tx, { id }) => failAbsent(deps, tx, id));
    }
  }
}

/** What we know to be paid of a day, and the statement does not have, or has with another amount or twice. */
const DIFFERENT = `
  SELECT t.id, t.reference, MIN(o.id) AS line_id FROM transfer t
  LEFT JOIN statement_line o ON o.party = ? AND o.receipt = t.receipt AND o.side = 'operator' AND ${COUNTS('o')} AND o.line_kind = 'payout'
  WHERE t.operator = ? AND COALESCE(t.own_short_code, '') = ? AND t.route = 'payout' AND t.state = 'succeeded'
    AND t.completed_at >= ? AND t.completed_at < ?
  GROUP BY t.id, t.reference
  HAVING MIN(o.id) IS NULL OR MIN(-o.amount_minor) <> MIN(t.amount_minor) OR MIN(o.id) <> MAX(o.id)`;

async function compare(pass: Pass, day: string): Promise<void> {
  const { deps, account, party } = pass;
  const { fromMs, toMs } = dayWindow(day, deps.reconSettings.timeZone);
  if (!(await isProven(deps, party, fromMs, toMs + ANSWERED_WITHIN_MS))) return;
  const bind = [party, ...ofAccount(account), fromMs, toMs];
  const found: { id: string; reference: string; line_id: string | null }[] = await deps.database.reader.query(
    DIFFERENT,
    bind,
  );
  for (let at = 0; at < found.length; at += TOGETHER) {
    await inCommits(pass, found.slice(at, at + TOGETHER), (tx, { id, reference, line_id }) =>
      line_id === null
        ? tell(pass, tx, 'missing-at-operator', id, `${reference} is paid, and not in the statement of ${day}`)
        : tell(
            pass,
            tx,
            'differs-at-operator',
            id,
            `${reference} is of another amount in the statement, or there twice`,
          ),
    );
  }
}

/** To a person, once for each thing. The party tells whose account it is. */
async function tell(
  { deps, party }: Pass,
  tx: Tx,
  breakType: 'contradiction' | 'missing-at-operator' | 'differs-at-operator',
  subjectId: string,
  detail: string,
): Promise<void> {
  await deps.outbox.emit(tx, {
    topic: transferEvent.breakFound,
    key: `${breakType}:${subjectId}`,
    payload: { breakType, subjectId, party, detail: `${party}: ${detail}`, suggestedAction: 'ask-operator' },
  });
}

/** Some in one commit; where one of them fails, each in its own, and that one is logged and left to the next night. */
async function inCommits<T extends { id: string }>(
  { deps, signal, report }: Pass,
  items: readonly T[],
  work: (tx: Tx, item: T) => Promise<void>,
): Promise<void> {
  signal.throwIfAborted();
  if (items.length === 0) return;
  try {
    await deps.database.transaction(async (tx) => {
      for (const item of items) await work(tx, item);
    });
  } catch {
    for (const item of items) {
      await deps.database
        .transaction((tx) => work(tx, item))
        .catch((err) => deps.log.error({ err, id: item.id }, 'a line of an account that pays could not be settled'));
    }
  }
  report(items.length);
}
