export { makeOperator, type Operator } from './operator.ts';
export { decimal, type Transaction } from './operator-books.ts';
export type { OperatorDeps } from './operator-deps.ts';
export type { Prompt } from './prompt-shelf.ts';
