import { spellingsOf } from '../../kernel/index.ts';
import type { Tx } from '../../platform/database/index.ts';
import type { Erased, ErasureStep, Stepped } from './erasure-steps.ts';

/** Texts in which a number may stand though no index leads there. */
interface Swept {
  table: string;
  /** empty: what it stands in goes. replace: only the number does. number: the column is one. */
  columns: Readonly<Record<string, 'empty' | 'nothing' | 'replace' | 'number'>>;
  /** SQL: it must not be changed yet, since somebody has still to act on it. */
  waits?: string;
}

const SWEPT: readonly Swept[] = [
  {
    table: 'inbox_event',
    columns: { body: 'empty' },
    waits: `inbox_event.state = 'new' OR (inbox_event.state = 'staff' AND EXISTS (
      SELECT 1 FROM reconciliation_break b WHERE b.subject_id = inbox_event.id AND b.state <> 'resolved'))`,
  },
  {
    table: 'statement_line',
    columns: { payer: 'number', masked_payer: 'nothing', account: 'nothing', reference: 'nothing', detail: 'empty' },
  },
  { table: 'statement_fault', columns: { reason: 'replace' } },
  { table: 'outbox', columns: { payload: 'replace', last_error: 'replace' }, waits: "outbox.state <> 'done'" },
  { table: 'webhook_event', columns: { body: 'replace' } },
  { table: 'webhook_attempt', columns: { answer: 'replace' } },
  {
    table: 'reconciliation_break',
    columns: { detail: 'replace', proposed_reason: 'replace', confirmed_reason: 'replace' },
  },
  { table: 'reconciliation_break_event', columns: { reason: 'replace' } },
  { table: 'approval', columns: { reason: 'replace' } },
  { table: 'approval_vote', columns: { reason: 'replace' } },
  { table: 'refund', columns: { reason: 'replace' } },
  { table: 'refund_event', columns: { reason: 'replace' } },
  { table: 'erasure', columns: { reason: 'replace' } },
  { table: 'note', columns: { body: 'replace' } },
];

/** Rows that one commit looks through, in the order of their ids. */
const WINDOW = 2_000;

/** Goes through what no index leads to, a window of rows a commit. */
export const SWEEPS: readonly ErasureStep[] = SWEPT.map((swept) => ({
  name: `sweep-${swept.table}`,
  run: (tx, erased, place) => sweep(tx, swept, erased, place),
}));

type Row = Record<string, string | null> & { id: string };

async function sweep(tx: Tx, swept: Swept, erased: Erased, place: string): Promise<Stepped> {
  const { table, columns } = swept;
  const { digits, pattern } = spellingsOf(erased.msisdn);
  const [last]: { id: string }[] = await tx.manager.query(
    `SELECT id FROM ${table} WHERE id > ? AND id < ? ORDER BY id LIMIT 1 OFFSET ${WINDOW - 1}`,
    [place, erased.boundaryId],
  );
  const names = Object.keys(columns);
  const rows: (Row & { waits: unknown })[] = await tx.manager.query(
    `SELECT id, ${names.join(', ')}, CASE WHEN ${swept.waits ?? '1 = 0'} THEN 1 ELSE 0 END AS waits FROM ${table}
     WHERE id > ? AND id ${last ? '<=' : '<'} ? AND (${names.map((name) => `${name} LIKE ?`).join(' OR ')})`,
    [place, last?.id ?? erased.boundaryId, ...names.map(() => `%${digits}%`)],
  );
  let changed = 0;
  for (const { id, waits, ...texts } of rows) {
    const patch = Object.entries(texts).flatMap(([name, text]): [string, string | null][] => {
      const isThere = text !== null && text.search(pattern) >= 0;
      return isThere ? [[name, replaced(columns[name], text, pattern, erased)]] : [];
    });
    if (patch.length === 0) continue;
    if (Number(waits) === 1) return { changed, place, isWaiting: true };
    const set = patch.map(([name]) => `${name} = ?`).join(', ');
    await tx.manager.query(`UPDATE ${table} SET ${set} WHERE id = ?`, [...patch.map(([, text]) => text), id]);
    changed += 1;
  }
  return { changed, place: last?.id };
}

function replaced(how: string | undefined, text: string, pattern: RegExp, { pseudonym }: Erased): string | null {
  if (how === 'replace') return text.replace(pattern, pseudonym);
  if (how === 'number') return pseudonym;
  return how === 'nothing' ? null : '';
}
