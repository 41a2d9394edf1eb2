import type Router from '@koa/router';
import type { Context } from 'koa';
import { type Clock, withDeadline } from '../../kernel/index.ts';
import type { Log } from '../log/index.ts';

/** Something without which this process cannot do its work. `check` rejects when it is out of reach. */
export interface HealthCheck {
  name: string;
  check(): Promise<unknown>;
}

export interface HealthDeps {
  clock: Clock;
  log: Log;
  checks: readonly HealthCheck[];
  /** True once a stop has begun: not ready any more, so that a proxy sends nothing new. */
  isStopping?(): boolean;
  /** For `GET /metrics`; left out: no such route. */
  metrics?: { render(): Promise<{ contentType: string; body: string }> };
  /** How long one check may take; 1,000 when left out. */
  checkTimeoutMs?: number;
}

/**
 * `GET /health/live` (200 while the process answers), `GET /health/ready` (200, or 503 naming what failed), `GET /metrics`.
 * However many ask, one round of checks is under way at a time.
 */
export function addHealthRoutes(router: Router, deps: HealthDeps): void {
  let round: Promise<string[]> | undefined;
  const failedChecks = () => {
    round ??= runChecks(deps).finally(() => {
      round = undefined;
    });
    return round;
  };
  router.get('/health/live', (ctx: Context) => answer(ctx, 200, { status: 'live' }));
  router.get('/health/ready', async (ctx: Context) => {
    const failed = deps.isStopping?.() ? ['stopping'] : await failedChecks();
    if (failed.length === 0) return answer(ctx, 200, { status: 'ready' });
    return answer(ctx, 503, { status: 'not ready', failed });
  });
  const { metrics } = deps;
  if (!metrics) return;
  router.get('/metrics', async (ctx: Context) => {
    const { contentType, body } = await metrics.render();
    ctx.set('Cache-Control', 'no-store');
    ctx.set('Content-Type', contentType);
    ctx.body = body;
  });
}

async function runChecks({ clock, log, checks, checkTimeoutMs = 1_000 }: HealthDeps): Promise<string[]> {
  const outcomes = await Promise.all(
    checks.map(async ({ name, check }) => {
      try {
        await withDeadline(clock, checkTimeoutMs, check());
        return undefined;
      } catch (error) {
        log.warn({ err: error, check: name }, 'a health check failed');
        return name;
      }
    }),
  );
  return outcomes.filter((name) => name !== undefined);
}

function answer(ctx: Context, status: number, document: object): void {
  ctx.status = status;
  ctx.set('Cache-Control', 'no-store');
  ctx.set('X-Content-Type-Options', 'nosniff');
  ctx.body = document;
}
