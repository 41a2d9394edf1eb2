import { type MigrationInterface, type QueryRunner, TableColumn, TableIndex } from 'typeorm';
import { createTable, index, type TablePlan, unique } from '../table-plan.ts';

const TABLES: readonly TablePlan[] = [
  {
    name: 'recon_run',
    columns: {
      id: 'varchar(36) primary',
      day: 'varchar(10)',
      as_of: 'varchar(10)',
      state: 'varchar(24)',
      phase: 'varchar(24)',
      place: 'varchar(80) null',
      started_at: 'bigint',
      finished_at: 'bigint null',
    },
    indices: [index('recon_run_day', 'day', 'state')],
  },
  {
    name: 'recon_day',
    columns: {
      id: 'varchar(36) primary',
      run_id: 'varchar(36)',
      day: 'varchar(10)',
      side: 'varchar(8)',
      party: 'varchar(24)',
      currency: 'varchar(3)',
      from_at: 'bigint',
      to_at: 'bigint',
      version: 'bigint',
      state: 'varchar(24)',
      input_hash: 'varchar(64)',
      operator_cover: 'varchar(8)',
      biller_cover: 'varchar(8)',
      started_at: 'bigint',
      finished_at: 'bigint null',
      signed_by: 'varchar(64) null',
      signed_at: 'bigint null',
    },
    indices: [
      unique('recon_day_version', 'party', 'day', 'side', 'version'),
      index('recon_day_run', 'run_id'),
      index('recon_day_state', 'state', 'day'),
    ],
  },
  {
    name: 'recon_total',
    columns: {
      id: 'varchar(36) primary',
      recon_day_id: 'varchar(36)',
      result_set: 'varchar(24)',
      items: 'bigint',
      ours_minor: 'bigint',
      operator_minor: 'bigint',
      biller_minor: 'bigint',
    },
    indices: [unique('recon_total_set', 'recon_day_id', 'result_set')],
  },
  {
    name: 'recon_result',
    columns: {
      recon_day_id: 'varchar(36) primary',
      id: 'varchar(36) primary',
      subject: 'varchar(8)',
      transfer_id: 'varchar(36) null',
      payment_id: 'varchar(36) null',
      operator_line_id: 'varchar(36) null',
      biller_line_id: 'varchar(36) null',
      result_set: 'varchar(24)',
      operator_set: 'varchar(24) null',
      biller_set: 'varchar(24) null',
      operator_rule: 'varchar(40) null',
      biller_rule: 'varchar(40) null',
      ours_minor: 'bigint null',
      operator_minor: 'bigint null',
      biller_minor: 'bigint null',
    },
    indices: [index('recon_result_set', 'recon_day_id', 'result_set')],
  },
  {
    name: 'recon_adjustment',
    columns: {
      id: 'varchar(36) primary',
      into_day: 'varchar(10)',
      side: 'varchar(8)',
      party: 'varchar(24)',
      currency: 'varchar(3)',
      of_day: 'varchar(10)',
      of_recon_day_id: 'varchar(36)',
      result_set: 'varchar(24)',
      items: 'bigint',
      ours_minor: 'bigint',
      operator_minor: 'bigint',
      biller_minor: 'bigint',
      at: 'bigint',
    },
    indices: [
      unique('recon_adjustment_set', 'of_recon_day_id', 'result_set'),
      index('recon_adjustment_day', 'into_day', 'party'),
    ],
  },
  {
    name: 'reconciliation_break_event',
    columns: {
      id: 'varchar(36) primary',
      break_id: 'varchar(36)',
      from_state: 'varchar(24)',
      to_state: 'varchar(24)',
      actor: 'varchar(64)',
      reason: 'varchar(255)',
      at: 'bigint',
    },
    indices: [index('reconciliation_break_event_break', 'break_id')],
  },
];

const BREAK = 'reconciliation_break';

const BREAK_COLUMNS: Readonly<Record<string, string>> = {
  side: 'varchar(8)',
  party: 'varchar(24)',
  day: 'varchar(10)',
  amount_minor: 'bigint',
  currency: 'varchar(3)',
  suggested_action: 'varchar(32)',
  owner: 'varchar(64)',
  resolution: 'varchar(32)',
  proposed_by: 'varchar(64)',
  proposed_at: 'bigint',
  proposed_reason: 'varchar(255)',
  confirmed_by: 'varchar(64)',
  confirmed_at: 'bigint',
  confirmed_reason: 'varchar(255)',
};

export class Reconciliation1764200000000 implements MigrationInterface {
  readonly name = 'Reconciliation1764200000000';

  async up(runner: QueryRunner): Promise<void> {
    for (const table of TABLES) await createTable(runner, table);
    const columns = Object.entries(BREAK_COLUMNS).map(([name, written]) => {
      const [, type = '', length] = /^(\w+)(?:\((\d+)\))?$/.exec(written) ?? [];
      return new TableColumn({ name, type, ...(length ? { length } : {}), isNullable: true });
    });
    await runner.addColumns(BREAK, columns);
    await runner.createIndex(BREAK, new TableIndex({ name: 'break_day', columnNames: ['day', 'party'] }));
    // The day of a transfer is the operator's time of completion: its lines and ours are read in that order.
    await runner.createIndex(
      'transfer',
      new TableIndex({ name: 'transfer_completed', columnNames: ['operator', 'completed_at'] }),
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.dropIndex('transfer', 'transfer_completed');
    await runner.dropIndex(BREAK, 'break_day');
    await runner.dropColumns(BREAK, Object.keys(BREAK_COLUMNS));
    for (const table of [...TABLES].reverse()) await runner.dropTable(table.name);
  }
}
