import { KINDS_OF, PARTIES_OF, type Queue, type QueueFilters, type QueuePlace } from '../../domain/queues/index.ts';
import { dayWindow, isDay } from '../../kernel/index.ts';
import type { FilterQuery } from './filters.ts';
import type { Desk, Visit } from './visit.ts';

/** In the address, for what the reader himself has taken on, and for what nobody has. */
export const MINE = 'mine';
export const NOBODY = 'nobody';

const ID = /^[0-9a-f-]{36}$/;
const TOPIC = /^[a-z0-9.-]{1,48}$/;

/** What a queue is narrowed by, and the same as an address. What is not understood narrows nothing. */
export function readQueueFilters(
  { deps }: Desk,
  { signedIn }: Visit,
  queue: Queue,
  { type = '', party = '', day = '', owner = '' }: FilterQuery,
): { filters: QueueFilters; address: string } {
  const isKind = KINDS_OF[queue].includes(type) || (queue === 'work' && TOPIC.test(type));
  const known = PARTIES_OF[queue].some((kind) => {
    if (kind === 'organisation') return ID.test(party);
    return (kind === 'biller' ? deps.billers : deps.operators).some(({ id }) => id === party);
  });
  const isOwner = owner === MINE || owner === NOBODY || ID.test(owner);
  const ownerId = owner === NOBODY ? null : owner === MINE ? (signedIn?.member.id ?? '') : owner;
  const understood = {
    ...(isKind ? { type } : {}),
    ...(known ? { party } : {}),
    ...(isDay(day) ? { day } : {}),
    ...(isOwner ? { owner } : {}),
  };
  const filters = {
    ...(isKind ? { kind: type } : {}),
    ...(known ? { party } : {}),
    ...(isDay(day) ? { day: { name: day, ...dayWindow(day, deps.timeZone) } } : {}),
    ...(isOwner ? { ownerId } : {}),
  };
  return { filters, address: new URLSearchParams(understood).toString() };
}

export function readQueuePlace(text: string | undefined): QueuePlace | undefined {
  const match = /^(\d{1,15})_([0-9a-f-]{36})$/.exec(text ?? '');
  return match ? { atMs: Number(match[1]), id: match[2] as string } : undefined;
}

export const queuePlaceText = ({ atMs, id }: QueuePlace): string => `${atMs}_${id}`;
