import type { MigrationInterface, QueryRunner } from 'typeorm';
import { createTable, index, type TablePlan, unique } from '../table-plan.ts';

const TABLES: readonly TablePlan[] = [
  {
    name: 'webhook_endpoint',
    columns: {
      id: 'varchar(36) primary',
      owner_kind: 'varchar(16)',
      owner_id: 'varchar(36)',
      url: 'varchar(500)',
      event_types: 'varchar(255)',
      state: 'varchar(24)',
      reason: 'varchar(255)',
      created_at: 'bigint',
      changed_at: 'bigint',
    },
    indices: [unique('webhook_endpoint_owner', 'owner_kind', 'owner_id', 'url')],
  },
  {
    name: 'webhook_endpoint_change',
    columns: {
      id: 'varchar(36) primary',
      endpoint_id: 'varchar(36)',
      change: 'varchar(24)',
      actor: 'varchar(48)',
      reason: 'varchar(255)',
      at: 'bigint',
    },
    indices: [index('webhook_endpoint_change_endpoint', 'endpoint_id')],
  },
  {
    name: 'webhook_secret',
    columns: {
      id: 'varchar(36) primary',
      endpoint_id: 'varchar(36)',
      sealed_secret: 'varchar(255)',
      created_at: 'bigint',
      ends_at: 'bigint null',
    },
    indices: [index('webhook_secret_endpoint', 'endpoint_id')],
  },
  {
    name: 'webhook_event',
    columns: {
      id: 'varchar(36) primary',
      owner_kind: 'varchar(16)',
      owner_id: 'varchar(36)',
      event_type: 'varchar(40)',
      fact_key: 'varchar(128)',
      body: 'text',
      created_at: 'bigint',
    },
    indices: [
      unique('webhook_event_fact', 'owner_kind', 'owner_id', 'fact_key'),
      index('webhook_event_created', 'created_at'),
    ],
  },
  {
    name: 'webhook_delivery',
    columns: {
      id: 'varchar(36) primary',
      event_id: 'varchar(36)',
      endpoint_id: 'varchar(36)',
      state: 'varchar(24)',
      due_at: 'bigint',
      claimed_by: 'varchar(36) null',
      tries: 'bigint',
      attempts: 'bigint',
      created_at: 'bigint',
      finished_at: 'bigint null',
    },
    indices: [
      unique('webhook_delivery_once', 'event_id', 'endpoint_id'),
      index('webhook_delivery_due', 'state', 'endpoint_id', 'due_at'),
      index('webhook_delivery_endpoint', 'endpoint_id', 'created_at'),
    ],
  },
  {
    name: 'webhook_attempt',
    columns: {
      id: 'varchar(36) primary',
      event_id: 'varchar(36)',
      delivery_id: 'varchar(36)',
      attempt: 'bigint',
      started_at: 'bigint',
      duration_ms: 'bigint null',
      status: 'bigint null',
      answer: 'text null',
    },
    indices: [unique('webhook_attempt_delivery', 'delivery_id', 'attempt'), index('webhook_attempt_event', 'event_id')],
  },
  {
    name: 'mail',
    columns: {
      id: 'varchar(36) primary',
      fact_key: 'varchar(128)',
      recipient: 'varchar(254)',
      sealed_subject: 'text',
      sealed_text: 'text',
      sealed_html: 'text null',
      state: 'varchar(24)',
      attempts: 'bigint',
      lost_answers: 'bigint',
      failure: 'varchar(255) null',
      created_at: 'bigint',
      sent_at: 'bigint null',
      finished_at: 'bigint null',
    },
    indices: [
      unique('mail_fact', 'fact_key'),
      index('mail_recipient', 'recipient', 'created_at'),
      index('mail_state', 'state'),
      index('mail_created', 'created_at'),
    ],
  },
];

export class WebhooksAndMail1764400000000 implements MigrationInterface {
  readonly name = 'WebhooksAndMail1764400000000';

  async up(runner: QueryRunner): Promise<void> {
    for (const table of TABLES) await createTable(runner, table);
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const table of [...TABLES].reverse()) await runner.dropTable(table.name);
  }
}
