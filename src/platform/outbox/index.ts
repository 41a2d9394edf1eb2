export { makeOutbox, type Outbox, type Work } from './outbox.ts';
export { type OutboxRow, OutboxRowSchema, type OutboxState } from './outbox-row.ts';
export {
  type Handler,
  makeWorker,
  type Outcome,
  type Worker,
  type WorkerObserver,
  type WorkerOptions,
} from './worker.ts';
