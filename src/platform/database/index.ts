export { column } from './columns.ts';
export { connect, dataSourceOptions, type SchemaParts, type StoreAddress, sqlitePath } from './data-source.ts';
export { type Database, openDatabase, type Tx } from './database.ts';
export { isDuplicateKey } from './database-errors.ts';
export { migrations } from './migrations/index.ts';
export { type EachOfMany, gatherFinds, gatherWork, transactMany } from './together.ts';
export type { UnitOfWork } from './unit-of-work.ts';
