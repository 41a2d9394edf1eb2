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
  confirmed: number;
  wrong: string[];
}

const OPERATOR_MS = 1_000;

/** Load for `seconds` with an operator that takes a second for each answer and callback; then until the last receipt. */
export async function measureSustained(deployment: Deployment, seconds: number, people: number): Promise<Sustained> {
  const { control, webUrl } = deployment;
  await control.faults({ daraja: { delayMs: [OPERATOR_MS, OPERATOR_MS] } });
  const costs = await openCosts(deployment);
  try {
    const warmedMs = Date.now();
    await walkDialogs(webUrl, { people: 4, dialogs: 20, first: 1_000_000 });
    await untilReceipts(costs.sql, warmedMs, 20);
    const before = await costs.read();
    const startedMs = Date.now();
    const walked = await walkDialogs(webUrl, { people, untilMs: startedMs + seconds * 1_000 });
    await untilReceipts(costs.sql, startedMs, walked.confirmed);
    const lastedMs = Date.now() - startedMs;
    const perPayment = costPer(before, await costs.read(), walked.confirmed);
    const [rows] = await costs.sql.query(
      "SELECT m.sent_at - p.created_at AS took FROM message m JOIN payment p ON p.id = m.subject_id WHERE m.kind LIKE 'receipt%' AND p.created_at >= ? ORDER BY took",
      [startedMs],
    );
    const took = (rows as { took: string }[]).map((row) => Number(row.took));
    const at = (share: number) => took[Math.min(took.length - 1, Math.floor(took.length * share))] ?? Number.NaN;
    return {
      receiptsPerSecond: (walked.confirmed / lastedMs) * 1_000,
      ...{ p50Ms: at(0.5), p95Ms: at(0.95), p99Ms: at(0.99), perPayment },
      ...{ confirmed: walked.confirmed, wrong: walked.wrong },
    };
  } finally {
    await costs.close();
    await control.faults({});
  }
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
