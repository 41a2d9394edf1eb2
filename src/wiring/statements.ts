import type { StatementParty } from '../domain/reconciliation/index.ts';
import type { Table } from '../platform/tables/index.ts';
import { readBillerFile } from '../providers/billers/index.ts';
import { readMpesaStatement } from '../providers/operators/daraja/index.ts';
import type { Service } from './service.ts';

/** Whose statements can be given as files, and how they are read. */
export function statementParties({ deps, config, runtime }: Service): StatementParty[] {
  const { timeZone: ours } = config.business;
  const { shortCode } = config.daraja;
  const operators = [...deps.operators.values()].map(({ name, currency }) => ({
    ...{ side: 'operator' as const, party: name, currency, timeZone: ours },
    read: (table: Table) => readMpesaStatement(table, { shortCode, nowMs: runtime.clock.now() }),
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
