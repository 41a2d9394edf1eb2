export type { RestBillerDeps } from './biller-api.ts';
export { makeRestBiller } from './make-rest-biller.ts';
export { StatementUnavailable } from './statement.ts';
