import { type MigrationInterface, type QueryRunner, TableColumn, TableIndex } from 'typeorm';

const PEOPLE = ['signed_person_id', 'paid_person_id'];
const NEWEST = { name: 'settlement_newest', columnNames: ['day', 'id'] };
const TIE_OUTS = { name: 'float_tie_out_day', columnNames: ['day', 'made_at'] };

/** Who signed and who paid as people, so that two logins of one are one; and the lists of the console by index. */
export class SettlementPeople1764993000000 implements MigrationInterface {
  readonly name = 'SettlementPeople1764993000000';

  async up(runner: QueryRunner): Promise<void> {
    for (const name of PEOPLE) {
      await runner.addColumn('settlement', new TableColumn({ name, type: 'varchar', length: '36', isNullable: true }));
    }
    await runner.createIndex('settlement', new TableIndex(NEWEST));
    await runner.createIndex('float_tie_out', new TableIndex(TIE_OUTS));
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.dropIndex('float_tie_out', TIE_OUTS.name);
    await runner.dropIndex('settlement', NEWEST.name);
    for (const name of PEOPLE) await runner.dropColumn('settlement', name);
  }
}
