export { type Assignment, AssignmentSchema } from './assignment.ts';
export { describeSubjects, type SubjectWords } from './describe-subjects.ts';
export { countQueue, countQueues, eachQueueItem, listQueue, MOST_COUNTED, type QueuePage } from './list-queue.ts';
export { KINDS_OF, organisationsOf, PARTIES_OF, topicsGivenUp } from './queue-choices.ts';
export type { QueueDay, QueueFilters } from './queue-filters.ts';
export { isQueue, QUEUES, type Queue, type QueueItem } from './queue-item.ts';
export type { QueueDeps } from './queue-sources.ts';
export type { QueuePlace } from './read-oldest.ts';
export { assign } from './take-item.ts';
