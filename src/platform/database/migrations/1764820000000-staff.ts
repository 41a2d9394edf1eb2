import type { MigrationInterface, QueryRunner } from 'typeorm';
import { createTable, index, type TablePlan, unique } from '../table-plan.ts';

const TABLES: readonly TablePlan[] = [
  {
    name: 'staff_member',
    columns: {
      id: 'varchar(36) primary',
      person_id: 'varchar(36)',
      scope: 'varchar(36)',
      email: 'varchar(190)',
      name: 'varchar(80)',
      phone: 'varchar(16)',
      language: 'varchar(8)',
      state: 'varchar(24)',
      roles: 'varchar(120)',
      password_hash: 'varchar(160) null',
      sealed_secret: 'varchar(160) null',
      last_time_step: 'bigint',
      failures: 'bigint',
      locked_until: 'bigint null',
      created_at: 'bigint',
    },
    indices: [
      unique('staff_member_email', 'email'),
      unique('staff_member_phone', 'phone', 'scope'),
      index('staff_member_scope', 'scope', 'name'),
    ],
  },
  {
    name: 'staff_session',
    columns: {
      id: 'varchar(36) primary',
      member_id: 'varchar(36)',
      token_hash: 'varchar(64)',
      stage: 'varchar(16)',
      sealed_offer: 'varchar(160) null',
      address: 'varchar(64)',
      agent: 'varchar(160)',
      created_at: 'bigint',
      last_seen_at: 'bigint',
      expires_at: 'bigint',
      ended_at: 'bigint null',
    },
    indices: [
      unique('staff_session_token', 'token_hash'),
      index('staff_session_member', 'member_id', 'created_at'),
      index('staff_session_expiry', 'expires_at'),
    ],
  },
  {
    name: 'staff_invitation',
    columns: {
      id: 'varchar(36) primary',
      member_id: 'varchar(36)',
      token_hash: 'varchar(64)',
      expires_at: 'bigint',
      used_at: 'bigint null',
    },
    indices: [unique('staff_invitation_token', 'token_hash'), index('staff_invitation_member', 'member_id')],
  },
  {
    name: 'staff_recovery_code',
    columns: {
      id: 'varchar(36) primary',
      member_id: 'varchar(36)',
      fingerprint: 'varchar(64)',
      used_at: 'bigint null',
    },
    indices: [unique('staff_recovery_code_member', 'member_id', 'fingerprint')],
  },
];

export class Staff1764820000000 implements MigrationInterface {
  readonly name = 'Staff1764820000000';

  async up(runner: QueryRunner): Promise<void> {
    for (const table of TABLES) await createTable(runner, table);
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const table of [...TABLES].reverse()) await runner.dropTable(table.name);
  }
}
