import { FirstTables1763800000000 } from './1763800000000-first-tables.ts';
import { Statements1764100000000 } from './1764100000000-statements.ts';
import { StatementLeases1764110000000 } from './1764110000000-statement-leases.ts';
import { Dialogs1764150000000 } from './1764150000000-dialogs.ts';
import { Reconciliation1764200000000 } from './1764200000000-reconciliation.ts';
import { ClosingBalance1764300000000 } from './1764300000000-closing-balance.ts';
import { Settlements1764310000000 } from './1764310000000-settlements.ts';
import { WebhooksAndMail1764400000000 } from './1764400000000-webhooks-and-mail.ts';
import { Elsewhere1764500000000 } from './1764500000000-elsewhere.ts';
import { Reminders1764510000000 } from './1764510000000-reminders.ts';
import { Approvals1764800000000 } from './1764800000000-approvals.ts';
import { Audit1764810000000 } from './1764810000000-audit.ts';
import { Staff1764820000000 } from './1764820000000-staff.ts';
import { Search1764830000000 } from './1764830000000-search.ts';
import { Notes1764840000000 } from './1764840000000-notes.ts';
import { Refunds1764850000000 } from './1764850000000-refunds.ts';
import { BalancesFromIndex1764865000000 } from './1764865000000-balances-from-index.ts';
import { Assignments1764875000000 } from './1764875000000-assignments.ts';
import { Exports1764880000000 } from './1764880000000-exports.ts';
import { HourlyFigures1764880100000 } from './1764880100000-hourly-figures.ts';
import { ResultsInOrder1764990000000 } from './1764990000000-results-in-order.ts';
import { PaymentsByOperator1764991000000 } from './1764991000000-payments-by-operator.ts';
import { SettlementPeople1764993000000 } from './1764993000000-settlement-people.ts';
import { Retention1765100000000 } from './1765100000000-retention.ts';
import { Persons1765110000000 } from './1765110000000-persons.ts';
import { Erasures1765120000000 } from './1765120000000-erasures.ts';
import { PayoutLists1765200000000 } from './1765200000000-payout-lists.ts';
import { OperatorBalances1765210000000 } from './1765210000000-operator-balances.ts';
import { Payouts1765300000000 } from './1765300000000-payouts.ts';
import { AuditByScope1765310000000 } from './1765310000000-audit-by-scope.ts';
import { ListsInBatches1765320000000 } from './1765320000000-lists-in-batches.ts';
import { NameScores1765330000000 } from './1765330000000-name-scores.ts';
import { OwnAccounts1765340000000 } from './1765340000000-own-accounts.ts';
import { PayoutSchedules1765350000000 } from './1765350000000-payout-schedules.ts';
import { RetriesOfADay1765360000000 } from './1765360000000-retries-of-a-day.ts';
import { ComparedStatements1765365000000 } from './1765365000000-compared-statements.ts';
import { MendersOfLists1765368000000 } from './1765368000000-menders-of-lists.ts';
import { QueuesByKind1765370000000 } from './1765370000000-queues-by-kind.ts';
import { StoppedBatches1765375000000 } from './1765375000000-stopped-batches.ts';
import { HashedTotals1765380000000 } from './1765380000000-hashed-totals.ts';

/** In the order in which they run. */
export const migrations = [
  FirstTables1763800000000,
  Statements1764100000000,
  StatementLeases1764110000000,
  Dialogs1764150000000,
  Reconciliation1764200000000,
  ClosingBalance1764300000000,
  WebhooksAndMail1764400000000,
  Settlements1764310000000,
  Elsewhere1764500000000,
  Reminders1764510000000,
  Approvals1764800000000,
  Audit1764810000000,
  Staff1764820000000,
  Search1764830000000,
  Notes1764840000000,
  Refunds1764850000000,
  BalancesFromIndex1764865000000,
  Assignments1764875000000,
  Exports1764880000000,
  HourlyFigures1764880100000,
  ResultsInOrder1764990000000,
  PaymentsByOperator1764991000000,
  SettlementPeople1764993000000,
  Retention1765100000000,
  Persons1765110000000,
  Erasures1765120000000,
  PayoutLists1765200000000,
  OperatorBalances1765210000000,
  Payouts1765300000000,
  AuditByScope1765310000000,
  ListsInBatches1765320000000,
  NameScores1765330000000,
  OwnAccounts1765340000000,
  PayoutSchedules1765350000000,
  RetriesOfADay1765360000000,
  ComparedStatements1765365000000,
  MendersOfLists1765368000000,
  QueuesByKind1765370000000,
  StoppedBatches1765375000000,
  HashedTotals1765380000000,
];
