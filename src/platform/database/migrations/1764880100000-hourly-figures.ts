import { type MigrationInterface, type QueryRunner, TableIndex } from 'typeorm';
import { createTable, index, type TablePlan, unique } from '../table-plan.ts';

const HOUR = { id: 'varchar(36) primary', hour_at: 'bigint' };

const TABLES: readonly TablePlan[] = [
  {
    name: 'hour_payments',
    columns: {
      ...HOUR,
      biller_id: 'varchar(24)',
      operator: 'varchar(24)',
      state: 'varchar(24)',
      currency: 'varchar(3)',
      payments: 'bigint',
      amount_minor: 'bigint',
    },
    indices: [unique('hour_payments_row', 'hour_at', 'biller_id', 'operator', 'state', 'currency')],
  },
  {
    name: 'hour_waits',
    columns: { ...HOUR, biller_id: 'varchar(24)', operator: 'varchar(24)', waits: 'text' },
    indices: [unique('hour_waits_row', 'hour_at', 'biller_id', 'operator')],
  },
  {
    name: 'hour_messages',
    columns: {
      ...HOUR,
      biller_id: 'varchar(24)',
      kind: 'varchar(40)',
      currency: 'varchar(3)',
      messages: 'bigint',
      segments: 'bigint',
      cost_e4: 'bigint',
    },
    indices: [unique('hour_messages_row', 'hour_at', 'biller_id', 'kind', 'currency')],
  },
  {
    name: 'hour_screens',
    columns: {
      ...HOUR,
      screen: 'varchar(64)',
      sessions: 'bigint',
      dropped: 'bigint',
      ended: 'bigint',
      places: 'bigint',
    },
    indices: [unique('hour_screens_row', 'hour_at', 'screen')],
  },
  {
    name: 'hour_movements',
    columns: { ...HOUR, account: 'varchar(64)', currency: 'varchar(3)', amount_minor: 'bigint' },
    indices: [
      unique('hour_movements_row', 'hour_at', 'account', 'currency'),
      index('hour_movements_account', 'account', 'currency', 'amount_minor'),
    ],
  },
  {
    name: 'report_progress',
    columns: {
      id: 'varchar(36) primary',
      done_until: 'bigint',
      looked_until: 'bigint',
      gathered_at: 'bigint',
    },
    indices: [],
  },
];

/** By which changes and messages of a time are found. */
const INDICES = [
  ['payment_event', 'payment_event_at', 'at'],
  ['message', 'message_sent', 'sent_at'],
] as const;

export class HourlyFigures1764880100000 implements MigrationInterface {
  readonly name = 'HourlyFigures1764880100000';

  async up(runner: QueryRunner): Promise<void> {
    for (const table of TABLES) await createTable(runner, table);
    for (const [table, name, column] of INDICES) {
      await runner.createIndex(table, new TableIndex({ name, columnNames: [column] }));
    }
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const [table, name] of INDICES) await runner.dropIndex(table, name);
    for (const { name } of [...TABLES].reverse()) await runner.dropTable(name);
  }
}
