import { In, LessThan } from 'typeorm';
import { Refusal } from '../../kernel/index.ts';
import type { Database } from '../../platform/database/index.ts';
import { ApplicationEventSchema, type PaybillApplication, PaybillApplicationSchema } from './application.ts';
import { type Organisation, OrganisationEventSchema, OrganisationSchema } from './organisation.ts';

type Deps = { database: Database };

const A_PAGE = 50;
const MOST_EVENTS = 200;

/** Refuses with `organisation.not-found`. */
export async function getOrganisation({ database }: Deps, id: string): Promise<Organisation> {
  const organisation = await database.reader.findOne(OrganisationSchema, { where: { id } });
  if (!organisation) throw new Refusal('organisation.not-found');
  return organisation;
}

export interface ListedOrganisation extends Organisation {
  application: PaybillApplication | undefined;
}

/** All of them, the last registered first. `next`: the id before which the next page begins. */
export async function listOrganisations(
  { database: { reader } }: Deps,
  { beforeId }: { beforeId?: string | undefined } = {},
): Promise<{ organisations: ListedOrganisation[]; next: string | undefined }> {
  const rows = await reader.find(OrganisationSchema, {
    where: beforeId === undefined ? {} : { id: LessThan(beforeId) },
    ...{ order: { id: 'DESC' }, take: A_PAGE + 1 },
  });
  const page = rows.slice(0, A_PAGE);
  const ids = page.map(({ id }) => id);
  const applications =
    ids.length > 0 ? await reader.find(PaybillApplicationSchema, { where: { organisationId: In(ids) } }) : [];
  return {
    organisations: page.map((one) => ({
      ...one,
      application: applications.find(({ organisationId }) => organisationId === one.id),
    })),
    next: rows.length > A_PAGE ? page.at(-1)?.id : undefined,
  };
}

/** Names by id, for pages that show whose something is. */
export async function namesOfOrganisations(
  { database: { reader } }: Deps,
  ids: readonly string[],
): Promise<Map<string, string>> {
  const unique = [...new Set(ids)].slice(0, 500);
  const rows =
    unique.length > 0
      ? await reader.find(OrganisationSchema, { select: { id: true, name: true }, where: { id: In(unique) } })
      : [];
  return new Map(rows.map(({ id, name }) => [id, name]));
}

/** One step of an organisation, or of the way to its paybill. */
export interface HistoryEntry {
  id: string;
  of: 'organisation' | 'application';
  fromState: string;
  toState: string;
  actor: string;
  reason: string;
  atMs: number;
}

/** The last steps of both, the newest first. */
export async function organisationHistory({ database: { reader } }: Deps, id: string): Promise<HistoryEntry[]> {
  const options = { where: { organisationId: id }, order: { atMs: 'DESC', id: 'DESC' }, take: MOST_EVENTS } as const;
  const [own, applied] = await Promise.all([
    reader.find(OrganisationEventSchema, options),
    reader.find(ApplicationEventSchema, options),
  ]);
  return [
    ...own.map((event) => ({ ...event, of: 'organisation' as const })),
    ...applied.map((event) => ({ ...event, of: 'application' as const })),
  ].sort((one, other) => other.atMs - one.atMs || (other.id < one.id ? -1 : 1));
}
