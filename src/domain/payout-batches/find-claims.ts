import { In, LessThan } from 'typeorm';
import type { Database } from '../../platform/database/index.ts';
import { type PayoutRow, PayoutRowSchema } from './batch.ts';
import { type ClaimEvent, ClaimEventSchema, OPEN_CLAIMS, type PayoutClaim, PayoutClaimSchema } from './claim.ts';

interface ReadDeps {
  database: Database;
}

/** A claim with the row that it is about. */
export interface ClaimView extends PayoutClaim {
  row: PayoutRow;
  events: ClaimEvent[];
}

/**
 * Claims, the newest first; of one organisation or of all, of one batch, those that somebody must see to or all. `next`: the id before
 * which the next page begins.
 */
export async function listClaims(
  { database: { reader } }: ReadDeps,
  {
    organisationId,
    batchId,
    which,
    beforeId,
    limit,
  }: {
    organisationId?: string | undefined;
    batchId?: string | undefined;
    which: 'open' | 'all';
    beforeId?: string | undefined;
    limit: number;
  },
): Promise<{ claims: ClaimView[]; next: string | undefined }> {
  const found = await reader.find(PayoutClaimSchema, {
    where: {
      ...(organisationId === undefined ? {} : { organisationId }),
      ...(batchId === undefined ? {} : { batchId }),
      ...(which === 'open' ? { state: In([...OPEN_CLAIMS]) } : {}),
      ...(beforeId === undefined ? {} : { id: LessThan(beforeId) }),
    },
    ...{ order: { id: 'DESC' }, take: limit + 1 },
  });
  const page = found.slice(0, limit);
  const claims = await withRows(reader, page);
  return { claims, next: found.length > limit ? page.at(-1)?.id : undefined };
}

/** Undefined where there is none, or another organisation's. */
export async function findClaim(
  { database: { reader } }: ReadDeps,
  { id, organisationId }: { id: string; organisationId?: string | undefined },
): Promise<ClaimView | undefined> {
  const claim = await reader.findOneBy(PayoutClaimSchema, { id, ...(organisationId ? { organisationId } : {}) });
  return claim ? (await withRows(reader, [claim]))[0] : undefined;
}

async function withRows(reader: Database['reader'], claims: readonly PayoutClaim[]): Promise<ClaimView[]> {
  if (claims.length === 0) return [];
  const rows = await reader.findBy(PayoutRowSchema, { id: In(claims.map(({ rowId }) => rowId)) });
  const events = await reader.find(ClaimEventSchema, {
    where: { claimId: In(claims.map(({ id }) => id)) },
    order: { atMs: 'ASC', id: 'ASC' },
  });
  const rowOf = new Map(rows.map((row) => [row.id, row]));
  return claims.flatMap((claim) => {
    const row = rowOf.get(claim.rowId);
    return row ? [{ ...claim, row, events: events.filter(({ claimId }) => claimId === claim.id) }] : [];
  });
}

/** The claims of some rows, by row. */
export async function claimsOfRows(
  { database: { reader } }: ReadDeps,
  rowIds: readonly string[],
): Promise<ReadonlyMap<string, PayoutClaim>> {
  const found = rowIds.length === 0 ? [] : await reader.findBy(PayoutClaimSchema, { rowId: In([...rowIds]) });
  return new Map(found.map((claim) => [claim.rowId, claim]));
}
