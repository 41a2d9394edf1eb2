import { partyOf, type StatementParty } from '../domain/reconciliation/index.ts';
import type { Table } from '../platform/tables/index.ts';
import { readBillerFile } from '../providers/billers/index.ts';
import { readMpesaStatement } from '../providers/operators/daraja/index.ts';
import type { Service } from './service.ts';

/** Whose statements can be given as files, and how they are read: operators of our accounts, accounts that only pay, billers. */
export async function statementParties(service: Service): Promise<StatementParty[]> {
  return [...standingParties(service), ...(await payingParties(service))];
}

/** Ours where it is not the paybill; organisations' own, also while something is open that was sent from one which is not theirs any more. */
async function payingParties({ deps, config, runtime }: Service): Promise<StatementParty[]> {
  const found: { short_code: string }[] = await deps.database.reader.query(
    `SELECT short_code FROM organisation WHERE short_code IS NOT NULL
     UNION SELECT own_short_code FROM transfer WHERE state IN ('submitted', 'unknown') AND own_short_code IS NOT NULL`,
  );
  return [...deps.payoutOperators.values()].flatMap(({ name: operator, currency, shortCode: ours }) => {
    const partyAt = (shortCode: string, ownShortCode: string | null): StatementParty => ({
      ...{ side: 'operator', party: partyOf({ operator, ownShortCode }), currency, timeZone: config.business.timeZone },
      read: (table, file) =>
        readMpesaStatement(table, { ...file, shortCode, nowMs: runtime.clock.now(), mustNameAccount: true }),
    });
    const isApart = ours !== undefined && !deps.operators.has(operator);
    return [...(isApart ? [partyAt(ours, null)] : []), ...found.map(({ short_code: own }) => partyAt(own, own))];
  });
}

function standingParties({ deps, config, runtime }: Service): StatementParty[] {
  const { timeZone: ours } = config.business;
  const { shortCode } = config.daraja;
  const operators = [...deps.operators.values()].map(({ name, currency }) => ({
    ...{ side: 'operator' as const, party: name, currency, timeZone: ours },
    read: (table: Table, file: { writtenAtMs: number }) =>
      readMpesaStatement(table, { ...file, shortCode, nowMs: runtime.clock.now() }),
  }));
  const billers = deps.billers.all().flatMap(({ id, currency, statementFile, timeZone = ours }): StatementParty[] => {
    if (!statementFile) return [];
    const { delimiter, encoding } = statementFile;
    return [
      {
        ...{ side: 'biller' as const, party: id, currency, timeZone, text: { delimiter, encoding } },
        read: (table) => readBillerFile(table, statementFile, { currency, timeZone }),
      },
    ];
  });
  return [...operators, ...billers];
}
