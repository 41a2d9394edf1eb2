import { type QueryRunner, Table, TableIndex } from 'typeorm';
import { invariant } from '../../kernel/index.ts';

/** A table in a migration: `varchar(36) primary`, `bigint`, `text null`. The same on both stores. */
export interface TablePlan {
  name: string;
  columns: Readonly<Record<string, string>>;
  indices: readonly IndexPlan[];
}

export interface IndexPlan {
  name: string;
  columns: readonly string[];
  unique: boolean;
}

export function index(name: string, ...columns: string[]): IndexPlan {
  return { name, columns, unique: false };
}

export function unique(name: string, ...columns: string[]): IndexPlan {
  return { name, columns, unique: true };
}

const COLUMN = /^(varchar|bigint|text)(?:\((\d+)\))?( primary)?( null)?$/;

export async function createTable(runner: QueryRunner, plan: TablePlan): Promise<void> {
  const columns = Object.entries(plan.columns).map(([name, written]) => {
    const match = COLUMN.exec(written);
    invariant(match, `${plan.name}.${name}: cannot read "${written}"`);
    const [, type = '', length, primary, nullable] = match;
    return {
      name,
      type,
      ...(length ? { length } : {}),
      isPrimary: primary !== undefined,
      isNullable: nullable !== undefined,
    };
  });
  await runner.createTable(new Table({ name: plan.name, columns }));
  for (const { name, columns: columnNames, unique: isUnique } of plan.indices) {
    await runner.createIndex(plan.name, new TableIndex({ name, columnNames: [...columnNames], isUnique }));
  }
}
