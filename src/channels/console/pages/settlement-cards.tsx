import type { FloatTieOut, LyingFile, SettlementLine, Verified } from '../../../domain/settlement/index.ts';
import type { Visit } from '../visit.ts';
import { Badge, Empty } from './frame.tsx';
import { operatorName } from './payment-table.tsx';
import type { SettlementPageProps } from './settlement-props.ts';

/** The files with what proves them, and whether they are what was signed. */
export function FilesCard({ visit, settlement, files }: SettlementPageProps) {
  const { say } = visit.words;
  if (!files) return null;
  const path = `/console/settlements/${settlement.id}`;
  const { own, payout, verified } = files;
  return (
    <section class="card" aria-labelledby="files">
      <h2 id="files">{say('settlement.files')}</h2>
      {own.length === 0 && <p>{say('settlement.files-none')}</p>}
      {verified && <Proof visit={visit} verified={verified} />}
      {own.length > 0 && !verified && (
        <p>
          <a href={`${path}?check=yes`}>{say('settlement.files-check')}</a>
        </p>
      )}
      <FileList visit={visit} path={path} prefix="" files={own} />
      {payout.length > 0 && <p>{say('settlement.payout-files')}</p>}
      <FileList visit={visit} path={path} prefix="payout-" files={payout} />
    </section>
  );
}

function Proof({ visit, verified: { problems, agreesWithBooks } }: { visit: Visit; verified: Verified }) {
  const { say } = visit.words;
  if (problems.length === 0 && agreesWithBooks) {
    return (
      <p>
        <Badge tone="good">{say('settlement.sound')}</Badge>
        <small>{say('settlement.sound-what')}</small>
      </p>
    );
  }
  return (
    <div>
      <Badge tone="bad">{say('settlement.not-sound')}</Badge>
      <ul>
        {problems.map((problem) => (
          <li key={JSON.stringify(problem)}>
            {say(`settlement.problem.${problem.kind}`, { name: 'name' in problem ? problem.name : '' })}
          </li>
        ))}
        {problems.length === 0 && <li>{say('settlement.problem.books')}</li>}
      </ul>
    </div>
  );
}

function FileList(props: { visit: Visit; path: string; prefix: string; files: readonly LyingFile[] }) {
  const { visit, path, prefix, files } = props;
  const { say } = visit.words;
  const may = visit.may('finance', 'administrator', 'auditor');
  return (
    <ul class="next">
      {files.map(({ part, name, bytes }) => (
        <li key={name}>
          {may ? (
            <a href={`${path}/files/${prefix}${part}`}>{say(`settlement.file.${part}`)}</a>
          ) : (
            say(`settlement.file.${part}`)
          )}
          <small>
            {name}, {say('settlement.bytes', { bytes })}
          </small>
        </li>
      ))}
    </ul>
  );
}

/** What nobody has explained yet of that day. */
export function BreaksCard({ visit, settlement, breaks }: SettlementPageProps) {
  const { say, name, money } = visit.words;
  return (
    <section class="card" aria-labelledby="breaks">
      <h2 id="breaks">{say('settlement.breaks')}</h2>
      {breaks.length === 0 && <p>{say('settlement.no-breaks')}</p>}
      <ul class="next">
        {breaks.map(({ id, breakType, detail, amountMinor, currency }) => (
          <li key={id}>
            <a href={`/console/breaks/${id}`}>{name('break-type', breakType)}</a>{' '}
            {amountMinor !== null && currency !== null && money({ amountMinor, currency })}
            <small>{detail}</small>
          </li>
        ))}
      </ul>
      {settlement.version > 0 && (
        <p class="hint">
          <a href="/console/queues/breaks">{say('settlement.breaks-then', { count: settlement.openBreaks })}</a>
        </p>
      )}
    </section>
  );
}

/** Our float against the operator's own balance. */
export function TieOutCard({ desk, visit, tieOuts }: SettlementPageProps) {
  const { say, text, time } = visit.words;
  return (
    <section class="card" aria-labelledby="float">
      <h2 id="float">{say('settlement.float')}</h2>
      {tieOuts.length === 0 && <p>{text('settlement.no-tie-out')}</p>}
      {tieOuts.map((one) => (
        <div key={one.id}>
          <p class="hint">
            {text('settlement.tie-out', { operator: operatorName(desk, one.operator), time: time(one.asOfMs) })}
          </p>
          <TieOut visit={visit} tieOut={one} />
        </div>
      ))}
    </section>
  );
}

function TieOut({ visit, tieOut }: { visit: Visit; tieOut: FloatTieOut }) {
  const { text, money } = visit.words;
  const { currency, remainderMinor } = tieOut;
  const rows = [
    ['operator-balance', tieOut.operatorMinor, null],
    ['ledger-balance', tieOut.ledgerMinor, null],
    ['unbooked-charges', tieOut.unbookedChargesMinor, tieOut.unbookedChargesLines],
    ['unbooked', tieOut.unbookedMinor, tieOut.unbookedLines],
    ['without-line', tieOut.withoutLineMinor, tieOut.withoutLineEntries],
    ['remainder', remainderMinor, null],
  ] as const;
  return (
    <dl class="facts">
      {rows.map(([name, amountMinor, count]) => (
        <div key={name}>
          <dt>
            {text(`settlement.${name}`)}
            {count !== null && <small>{text('settlement.lines', { count })}</small>}
          </dt>
          <dd>
            {name === 'remainder' ? (
              <Badge tone={remainderMinor === 0n ? 'good' : 'bad'}>{money({ amountMinor, currency })}</Badge>
            ) : (
              money({ amountMinor, currency })
            )}
          </dd>
        </div>
      ))}
    </dl>
  );
}

/** Who did what about it, the newest first. */
export function HistoryCard({ visit, settlement, events }: SettlementPageProps) {
  const { say, name, moment } = visit.words;
  return (
    <section class="card" aria-labelledby="history">
      <h2 id="history">{say('story.title')}</h2>
      <ol class="story">
        {[...events].reverse().map(({ id, atMs, actor, toState, version, reason }) => (
          <li key={id}>
            <time datetime={new Date(atMs).toISOString()}>{moment(atMs)}</time>
            <p>
              {say('settlement.event', {
                who: name('actor', actor),
                state: say(`settlement-state.${toState}`),
                version,
              })}
              <small>{historyWords(visit, settlement, reason)}</small>
            </p>
          </li>
        ))}
      </ol>
    </section>
  );
}

/** What the service writes itself, in the reader's words; what a person wrote, as he wrote it. */
function historyWords({ words }: Visit, { currency }: SettlementPageProps['settlement'], reason: string): string {
  const [, lines, net] = /^version \d+: (\d+) lines, net (-?\d+)$/.exec(reason) ?? [];
  if (lines !== undefined && net !== undefined) {
    return words.say('settlement.drawn', { count: Number(lines), net: { amountMinor: BigInt(net), currency } });
  }
  const [, how, day] = /^(carries|into) (\d{4}-\d\d-\d\d)$/.exec(reason) ?? [];
  if (how !== undefined && day !== undefined) return words.say(`settlement.${how}`, { day });
  return words.why(reason);
}

/** What the figures are made of, a page at a time. */
export function LinesCard({ visit, settlement, lines: { lines, next } }: SettlementPageProps) {
  const { say } = visit.words;
  const path = `/console/settlements/${settlement.id}`;
  const isLater = visit.query.after !== undefined;
  return (
    <section class="card" id="lines" aria-labelledby="lines-title">
      <h2 id="lines-title">{say('settlement.lines-title', { count: settlement.lines })}</h2>
      {lines.length === 0 ? (
        <Empty>{say('settlement.no-lines')}</Empty>
      ) : (
        <LineTable {...{ visit, settlement, lines }} />
      )}
      <p class="acts">
        {isLater && (
          <a class="button second small" href={`${path}#lines`}>
            {say('settlement.lines-first')}
          </a>
        )}
        {next && (
          <a class="button small" href={`${path}?after=${next}#lines`}>
            {say('settlement.lines-more')}
          </a>
        )}
      </p>
    </section>
  );
}

type LineTableProps = Pick<SettlementPageProps, 'visit' | 'settlement'> & { lines: readonly SettlementLine[] };

const LINE_COLUMNS = ['time', 'kind', 'reference', 'account', 'receipt', 'biller-reference', 'amount', 'fee'] as const;

function LineTable({ visit, settlement, lines }: LineTableProps) {
  const { say } = visit.words;
  return (
    <div class="scroll">
      <table class="rows">
        <thead>
          <tr>
            {LINE_COLUMNS.map((column) => (
              <th key={column} scope="col" class={column === 'amount' || column === 'fee' ? 'number' : undefined}>
                {say(`settlement.line.${column}`)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {lines.map((line) => (
            <LineRow key={line.id} visit={visit} settlement={settlement} line={line} />
          ))}
        </tbody>
      </table>
    </div>
  );
}

function LineRow({ visit, settlement, line }: Omit<LineTableProps, 'lines'> & { line: SettlementLine }) {
  const { say, money, time } = visit.words;
  const { currency, day } = settlement;
  const { lineKind, ownDay, factId, paymentId } = line;
  const of = lineKind === 'carried' ? `/console/settlements/${factId}` : `/console/payments/${paymentId}`;
  return (
    <tr>
      <td data-label={say('settlement.line.time')}>{time(line.completedAtMs)}</td>
      <td data-label={say('settlement.line.kind')}>
        {say(`settlement-line.${lineKind}`)}
        {ownDay !== day && <small>{say('settlement.of-day', { day: ownDay })}</small>}
      </td>
      <td data-label={say('settlement.line.reference')}>
        {lineKind === 'carried' || paymentId !== null ? <a href={of}>{line.reference || ownDay}</a> : line.reference}
      </td>
      <td data-label={say('settlement.line.account')}>{line.account}</td>
      <td data-label={say('settlement.line.receipt')}>{line.operatorReceipt}</td>
      <td data-label={say('settlement.line.biller-reference')}>{line.billerReference}</td>
      <td data-label={say('settlement.line.amount')} class="number">
        {money({ amountMinor: line.amountMinor, currency })}
      </td>
      <td data-label={say('settlement.line.fee')} class="number">
        {money({ amountMinor: line.feeMinor, currency })}
      </td>
    </tr>
  );
}
