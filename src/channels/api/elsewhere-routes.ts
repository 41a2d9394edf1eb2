import { createHash, timingSafeEqual } from 'node:crypto';
import type Router from '@koa/router';
import { z } from 'zod';
import type { Biller, BillerCatalogue } from '../../domain/billers/index.ts';
import { type ElsewhereFact, readElsewhere } from '../../domain/elsewhere/index.ts';
import { type Clock, Refusal } from '../../kernel/index.ts';
import { HttpError, readJson } from '../../platform/http/index.ts';

export interface ApiChannelDeps {
  clock: Clock;
  billers: BillerCatalogue;
  /** The bearer key of each biller that has one; the others' addresses refuse everybody. */
  keyOf(billerId: string): string | undefined;
  record(input: { billerId: string; fact: ElsewhereFact }): Promise<'recorded' | 'already'>;
  observe(outcome: 'recorded' | 'already' | 'refused'): void;
}

const MOST_PAYMENTS = 100;

const Body = z.strictObject({ payments: z.array(z.unknown()).min(1).max(MOST_PAYMENTS) });

interface Result {
  reference: string;
  outcome: 'recorded' | 'already' | 'refused';
  reason?: string;
}

/**
 * `POST /api/billers/:id/payments-elsewhere`: a utility tells what was paid without us. Each payment has a result of its own, and
 * is recorded once for its reference, so the same request may be sent again.
 */
export function addElsewhereRoutes(router: Router, deps: ApiChannelDeps): void {
  router.post('/api/billers/:id/payments-elsewhere', async (ctx) => {
    const biller = enter(deps, ctx.params.id ?? '', ctx.get('authorization'));
    const read = Body.safeParse((await readJson(ctx)).value);
    if (!read.success) throw new HttpError(422, `payments must be a list of 1 to ${MOST_PAYMENTS}`);
    const results: Result[] = [];
    for (const written of read.data.payments) results.push(await take(deps, biller, written));
    ctx.type = 'application/json';
    ctx.body = JSON.stringify({ results });
  });
}

async function take(deps: ApiChannelDeps, biller: Biller, written: unknown): Promise<Result> {
  const fact = readElsewhere(biller, written, deps.clock.now());
  const result = typeof fact === 'string' ? refused(written, fact) : await record(deps, biller, fact);
  deps.observe(result.outcome);
  return result;
}

async function record(deps: ApiChannelDeps, { id }: Biller, fact: ElsewhereFact): Promise<Result> {
  const { reference } = fact;
  try {
    return { reference, outcome: await deps.record({ billerId: id, fact }) };
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    return { reference, outcome: 'refused', reason: 'another payment has this reference' };
  }
}

/** What cannot be read may still name itself. */
function refused(written: unknown, reason: string): Result {
  const reference = (written as { reference?: unknown } | null)?.reference;
  return { reference: typeof reference === 'string' ? reference.slice(0, 64) : '', outcome: 'refused', reason };
}

/** A biller that does not exist, one without a key, and a wrong key look the same from outside. */
function enter(deps: ApiChannelDeps, id: string, authorization: string): Biller {
  const biller = deps.billers.all().find((one) => one.id === id);
  const key = biller && deps.keyOf(biller.id);
  const given = /^Bearer ([\x21-\x7e]{1,200})$/i.exec(authorization)?.[1] ?? '';
  const fits = timingSafeEqual(digest(given), digest(key ?? ''));
  if (!biller || key === undefined || !fits) throw new HttpError(401, 'the key is not known');
  return biller;
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
