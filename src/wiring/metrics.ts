import { floatAlarms } from '../domain/float-gauge/index.ts';
import { formatDecimal } from '../kernel/index.ts';
import type { Service } from './service.ts';

/** Sets the gauges from the stores whenever somebody reads /metrics. */
export function countStates({ metrics, deps }: Service): void {
  const { reader } = deps.database;
  const byState = async (table: string): Promise<Record<string, number>> => {
    // What is final grows without end and says little: only what is under way is counted, by the index.
    const states = table === 'transfer' ? ['requested', 'submitted', 'unknown'] : ['queued', 'sending'];
    const rows: { state: string; count: unknown }[] = await reader.query(
      `SELECT state, COUNT(*) AS count FROM ${table} WHERE state IN (${states.map(() => '?').join(', ')}) GROUP BY state`,
      states,
    );
    return Object.fromEntries(rows.map(({ state, count }) => [state, Number(count)]));
  };
  metrics.onRender(async () => metrics.outbox(await deps.outbox.counts()));
  metrics.onRender(async () => metrics.transfers(await byState('transfer')));
  metrics.onRender(async () => metrics.messages(await byState('message')));
  metrics.onRender(async () => {
    const [row]: { count: unknown; due_at: unknown }[] = await reader.query(
      "SELECT COUNT(*) AS count, MIN(due_at) AS due_at FROM webhook_delivery WHERE state = 'waiting'",
    );
    const overdueMs = row?.due_at == null ? 0 : deps.runtime.clock.now() - Number(row.due_at);
    metrics.webhooks({ waiting: Number(row?.count ?? 0), overdueMs: Math.max(overdueMs, 0) });
  });
  metrics.onRender(async () => {
    const { told, waitingForMoney } = await floatAlarms(deps);
    const floats = told.map(({ operator, utility, ageMs }) => ({
      operator,
      float: Number(formatDecimal(utility)),
      ageMs,
    }));
    metrics.payoutFloats(floats, waitingForMoney);
  });
}
