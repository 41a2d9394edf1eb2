import { type Counters, costPer, openCosts } from './costs.ts';
import type { Deployment } from './deployment.ts';
import { walkDialogs } from './people.ts';

export interface Sustained {
  receiptsPerSecond: number;
  /** Milliseconds from the confirmation's commit to the receipt's acceptance by the SMS provider. */
  p50Ms: number;
  p95Ms: number;
  p99Ms: number;
  perPayment: Counters;
  wrong: string[];
}

const OPERATOR_MS = 1_000;

/** The share of what it can do at which the way of one payment is timed. */
const CALM = 0.5;

/**
 * With an operator that takes a second for each answer and callback: as many dialogs as come in `seconds` of full speed, until
 * their last receipt (what it can do, and what each costs); then an even half of that pace (how long one payment takes).
 */
export async function measureSustained(
  deployment: Deployment,
  { seconds, people, first }: { seconds: number; people: number; first: number },
): Promise<Sustained> {
  const { control, webUrl } = deployment;
  await control.faults({ daraja: { delayMs: [OPERATOR_MS, OPERATOR_MS] } });
  const costs = await openCosts(deployment);
  try {
    const warmedMs = Date.now();
    await walkDialogs(webUrl, { people: 4, dialogs: 20, first });
    await untilReceipts(costs.sql, warmedMs, 20);
    const before = await costs.read();
    const startedMs = Date.now();
    const full = await walkDialogs(webUrl, { people, untilMs: startedMs + seconds * 1_000, first: first + 100 });
    await untilReceipts(costs.sql, startedMs, full.confirmed);
    const receiptsPerSecond = (full.confirmed / (Date.now() - startedMs)) * 1_000;
    const perPayment = costPer(before, await costs.read(), full.confirmed);
    const calmMs = Date.now();
    const perSecond = receiptsPerSecond * CALM;
    const calm = await walkDialogs(webUrl, {
      ...{ people: 50, perSecond, untilMs: calmMs + seconds * 1_000, first: first + 200_000 },
    });
    await untilReceipts(costs.sql, calmMs, calm.confirmed);
    const took = await timesToReceipt(costs.sql, calmMs);
    const at = (share: number) => took[Math.min(took.length - 1, Math.floor(took.length * share))] ?? Number.NaN;
    return {
      receiptsPerSecond,
      ...{ p50Ms: at(0.5), p95Ms: at(0.95), p99Ms: at(0.99), perPayment },
      wrong: [...full.wrong, ...calm.wrong],
    };
  } finally {
    await costs.close();
    await control.faults({});
  }
}

/** Ascending, of the payments confirmed since then. */
async function timesToReceipt(sql: Sql, sinceMs: number): Promise<number[]> {
  const [rows] = await sql.query(
    "SELECT m.sent_at - p.created_at AS took FROM payment p JOIN message m ON m.subject_id = p.id WHERE p.state = 'posted' AND p.created_at >= ? AND m.kind LIKE 'receipt%' ORDER BY took",
    [sinceMs],
  );
  return (rows as { took: string }[]).map((row) => Number(row.took));
}

const RECEIPTS_WITHIN_MS = 240_000;

type Sql = Awaited<ReturnType<typeof openCosts>>['sql'];

/** Waits until the receipts of `count` payments since then were taken by the SMS provider. Looks by indices only. */
export async function untilReceipts(sql: Sql, sinceMs: number, count: number): Promise<void> {
  const endMs = Date.now() + RECEIPTS_WITHIN_MS;
  for (;;) {
    const [rows] = await sql.query(
      "SELECT COUNT(*) AS sent FROM payment p JOIN message m ON m.subject_id = p.id WHERE p.state = 'posted' AND p.created_at >= ? AND m.kind LIKE 'receipt%' AND m.state IN ('sent', 'delivered')",
      [sinceMs],
    );
    if (Number((rows as { sent: string }[])[0]?.sent) >= count) return;
    if (Date.now() > endMs) throw new Error(`only ${JSON.stringify(rows)} of ${count} receipts were sent`);
    await new Promise((resolve) => setTimeout(resolve, 250));
  }
}
