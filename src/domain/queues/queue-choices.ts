import { In } from 'typeorm';
import { BREAK_TYPES } from '../../money/transfers/index.ts';
import { OrganisationSchema } from '../organisations/index.ts';
import { OPEN_CLAIMS, PayoutClaimSchema } from '../payout-batches/index.ts';
import { EVENT_TYPES, WebhookEndpointSchema } from '../webhooks/index.ts';
import type { Queue } from './queue-item.ts';
import type { QueueDeps } from './queue-sources.ts';

type PartyKind = 'biller' | 'operator' | 'organisation';

/** Whom the things of a queue concern. Work is only known by its name. */
export const PARTIES_OF: Readonly<Record<Queue, readonly PartyKind[]>> = {
  breaks: ['biller', 'operator'],
  unknown: ['operator'],
  unbooked: ['biller'],
  owed: ['biller'],
  held: ['biller'],
  claims: ['organisation'],
  settlements: ['biller'],
  work: [],
  webhooks: ['biller', 'organisation'],
};

/** What kinds of things a queue can hold; of work and of what is of one kind, none. */
export const KINDS_OF: Readonly<Record<Queue, readonly string[]>> = {
  breaks: BREAK_TYPES,
  unknown: ['prompt', 'paybill', 'payout', 'reversal'],
  unbooked: [],
  owed: ['suspense', 'refund-due'],
  held: [],
  claims: OPEN_CLAIMS,
  settlements: ['drawn-up', 'signed'],
  work: [],
  webhooks: Object.values(EVENT_TYPES).flat(),
};

/** More cannot be chosen from; the address takes any. */
const MOST_CHOICES = 100;
const MOST_LOOKED_THROUGH = 10_000;

/** Steps that were given up, by name: those of the oldest of them. */
export async function topicsGivenUp({ database }: QueueDeps): Promise<string[]> {
  const sql = `
    SELECT DISTINCT topic FROM (SELECT topic FROM outbox WHERE state = ? ORDER BY due_at LIMIT ${MOST_LOOKED_THROUGH}) some
    ORDER BY topic LIMIT ${MOST_CHOICES}`;
  const rows: { topic: string }[] = await database.reader.query(sql, ['dead']);
  return rows.map(({ topic }) => topic);
}

/** Organisations that a queue can be narrowed to: who has a claim that is open, or is told by webhooks. */
export async function organisationsOf({ database }: QueueDeps, queue: Queue): Promise<{ id: string; name: string }[]> {
  const { reader } = database;
  if (!PARTIES_OF[queue].includes('organisation')) return [];
  const concerned =
    queue === 'claims'
      ? reader
          .createQueryBuilder(PayoutClaimSchema, 'one')
          .select('one.organisationId', 'id')
          .where({ state: In([...OPEN_CLAIMS]) })
      : reader
          .createQueryBuilder(WebhookEndpointSchema, 'one')
          .select('one.ownerId', 'id')
          .where({ ownerKind: 'organisation' });
  const ids: { id: string }[] = await concerned.distinct(true).limit(MOST_CHOICES).getRawMany();
  const found = await reader.find(OrganisationSchema, {
    where: { id: In(ids.map(({ id }) => id)) },
    ...{ select: { id: true, name: true }, order: { name: 'ASC' } },
  });
  return found.map(({ id, name }) => ({ id, name }));
}
