export { makeOperator, type Operator } from './operator.ts';
export { decimal, recordOf, type Transaction } from './operator-books.ts';
export type { OperatorDeps } from './operator-deps.ts';
export type { Prompt } from './prompt-shelf.ts';
export { exportStatement, StatementQuery } from './statement/index.ts';
