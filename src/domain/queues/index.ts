export { type Assignment, AssignmentSchema } from './assignment.ts';
export { countQueues, eachQueueItem, listQueue, MOST_COUNTED, type QueueDeps } from './list-queue.ts';
export { isQueue, QUEUES, type Queue, type QueueItem } from './queue-item.ts';
export { assign } from './take-item.ts';
