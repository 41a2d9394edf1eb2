export type { PayoutNewsDeps } from './deps.ts';
export { payoutNewsHandlers } from './handlers.ts';
