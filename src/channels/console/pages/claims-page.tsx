import type { Organisation } from '../../../domain/organisations/index.ts';
import type { ClaimView } from '../../../domain/payout-batches/index.ts';
import { claimPath, claimsPath, shownNumber } from '../batch-access.ts';
import type { Visit } from '../visit.ts';
import { BatchTrail } from './batch-parts.tsx';
import { ClaimBadge } from './claim-parts.tsx';
import { Empty, Frame } from './frame.tsx';
import { RowsTable } from './rows-table.tsx';

interface ClaimsPageProps {
  visit: Visit;
  organisation: Organisation;
  which: 'open' | 'all';
  claims: readonly ClaimView[];
  next: string | undefined;
}

/** What an organisation claims back, the newest first. */
export function ClaimsPage(props: ClaimsPageProps) {
  const { visit, organisation, which, claims, next } = props;
  const { say } = visit.words;
  const path = claimsPath(organisation);
  const tabs = [
    { id: 'open', href: path },
    { id: 'all', href: `${path}?state=all` },
  ] as const;
  return (
    <Frame visit={visit} title={`${say('claim.all')}: ${organisation.name}`}>
      <BatchTrail visit={visit} organisation={organisation} />
      <h1>{say('claim.all')}</h1>
      <p class="hint">{say('claim.what')}</p>
      <ul class="places tabs">
        {tabs.map(({ id, href }) => (
          <li key={id}>
            <a href={href} {...(id === which ? { 'aria-current': 'page' as const } : {})}>
              {say(`claim.which.${id}`)}
            </a>
          </li>
        ))}
      </ul>
      {claims.length === 0 ? <Empty>{say('claim.none')}</Empty> : <Table {...props} />}
      {next && (
        <p>
          <a class="button small" href={`${path}?${which === 'all' ? 'state=all&' : ''}before=${next}`}>
            {say('payments.older')}
          </a>
        </p>
      )}
    </Frame>
  );
}

function Table({ visit, claims }: ClaimsPageProps) {
  const { say, money, time } = visit.words;
  const columns = ['who', 'amount', 'state', 'case', 'opened'] as const;
  const labels = Object.fromEntries(columns.map((name) => [name, say(`claim.column.${name}`)]));
  return (
    <RowsTable columns={columns} labels={labels} numbers={['amount']}>
      {claims.map((claim) => (
        <tr key={claim.id}>
          <td data-label={labels.who}>
            <a href={claimPath(claim)}>{shownNumber(visit, claim.row.msisdn)}</a>
            <small>{claim.row.name}</small>
          </td>
          <td data-label={labels.amount} class="number">
            {money(claim.row)}
          </td>
          <td data-label={labels.state}>
            <ClaimBadge visit={visit} state={claim.state} />
          </td>
          <td data-label={labels.case}>{claim.caseNumber}</td>
          <td data-label={labels.opened}>{time(claim.openedAtMs)}</td>
        </tr>
      ))}
    </RowsTable>
  );
}
