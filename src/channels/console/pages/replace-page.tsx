import type { Organisation } from '../../../domain/organisations/index.ts';
import type { PayoutBatch, RowView } from '../../../domain/payout-batches/index.ts';
import { batchPath, shownNumber } from '../batch-access.ts';
import type { Visit } from '../visit.ts';
import { BatchTrail, Fault, ROW_TONES } from './batch-parts.tsx';
import { ActForm, Badge, Empty, Frame, ReasonField } from './frame.tsx';

interface ReplacePageProps {
  visit: Visit;
  organisation: Organisation;
  batch: PayoutBatch;
  rows: readonly RowView[];
  /** There may be more than stand here. */
  isFull: boolean;
  fault: string | undefined;
}

/** Rows that were not paid, to be paid with another number, name or amount: a batch of their own, which others agree to. */
export function ReplacePage({ visit, organisation, batch, rows, isFull, fault }: ReplacePageProps) {
  const { say, money, name: named } = visit.words;
  const last = rows.at(-1)?.rowNo;
  return (
    <Frame visit={visit} title={`${say('batch.replace')}: ${batch.number}`}>
      <Fault fault={fault} />
      <BatchTrail visit={visit} organisation={organisation} batch={batch} />
      <h1>{say('batch.replace')}</h1>
      <p class="hint">{say('batch.replace-what')}</p>
      {rows.length === 0 && <Empty>{say('batch.no-rows')}</Empty>}
      {rows.length > 0 && (
        <ActForm visit={visit} action={`${batchPath(batch)}/replace`}>
          {rows.map((row) => (
            <fieldset key={row.id}>
              <legend>
                {say('batch.column.row')} {row.rowNo}
              </legend>
              <label class="check">
                <input type="checkbox" name={`row-${row.rowNo}`} value="yes" />
                <span>
                  {shownNumber(visit, row.msisdn)} {row.name} · {money(row)}{' '}
                  <Badge tone={ROW_TONES[row.state]}>{say(`row-state.${row.state}`)}</Badge>
                </span>
                <small>{row.failureCause !== null && named('payout-cause', row.failureCause)}</small>
              </label>
              <div class="filters">
                <Field visit={visit} row={row.rowNo} field="phone" />
                <Field visit={visit} row={row.rowNo} field="name" />
                <Field visit={visit} row={row.rowNo} field="amount" />
              </div>
            </fieldset>
          ))}
          <ReasonField visit={visit} id="reason-replace" />
          <button type="submit">{say('batch.replace-go')}</button>
        </ActForm>
      )}
      {isFull && (
        <p>
          <a href={`${batchPath(batch)}/replace?after=${last}`}>{say('batch.next')}</a>
        </p>
      )}
    </Frame>
  );
}

function Field({ visit, row, field }: { visit: Visit; row: number; field: 'phone' | 'name' | 'amount' }) {
  const { say } = visit.words;
  const id = `${field}-${row}`;
  return (
    <div class="field">
      <label for={id}>{say(`batch.new-${field}`)}</label>
      <input
        {...{ id, name: id, placeholder: say('batch.unchanged'), value: visit.form[id] ?? '' }}
        maxLength={100}
        autocomplete="off"
      />
    </div>
  );
}
