import { Counter, Gauge, Histogram, type Registry } from 'prom-client';

const HOP_SECONDS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5];
const CALL_SECONDS = [0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30];
const JOB_SECONDS = [0.01, 0.1, 1, 10, 60, 600, 3600];

/** Every metric of the service, registered. */
export function makeInstruments(registry: Registry) {
  const own = { registers: [registry] };
  const gauge = (name: string, help: string, labelNames: string[] = []) =>
    new Gauge({ ...own, name, help, labelNames });
  return {
    hopSeconds: new Histogram({
      ...own,
      name: 'malipo_hop_seconds',
      help: 'USSD hops by outcome',
      labelNames: ['outcome'],
      buckets: HOP_SECONDS,
    }),
    callSeconds: new Histogram({
      ...own,
      name: 'malipo_provider_call_seconds',
      help: 'Calls to providers',
      labelNames: ['provider', 'operation', 'outcome'],
      buckets: CALL_SECONDS,
    }),
    jobSeconds: new Histogram({
      ...own,
      name: 'malipo_job_seconds',
      help: 'Runs of scheduled jobs',
      labelNames: ['job', 'outcome'],
      buckets: JOB_SECONDS,
    }),
    callbacks: new Counter({
      ...own,
      name: 'malipo_callbacks_total',
      help: 'Callbacks by kind and what became of them',
      labelNames: ['kind', 'fate'],
    }),
    steps: new Counter({
      ...own,
      name: 'malipo_outbox_steps_total',
      help: 'Steps of the outbox by topic and how they ended',
      labelNames: ['topic', 'outcome'],
    }),
    httpErrors: new Counter({
      ...own,
      name: 'malipo_http_errors_total',
      help: 'Requests answered with an error',
      labelNames: ['status'],
    }),
    outboxReady: gauge('malipo_outbox_ready', 'Outbox rows to be done'),
    outboxOverdue: gauge('malipo_outbox_overdue_seconds', 'How long the oldest due outbox row has been due'),
    outboxAttempts: gauge('malipo_outbox_attempts', 'The most attempts of an outbox row that is still to be done'),
    outboxDead: gauge('malipo_outbox_dead', 'Outbox rows that were given to staff'),
    transfers: gauge('malipo_transfers', 'Transfers by state', ['state']),
    webhooksWaiting: gauge('malipo_webhooks_waiting', 'Webhook deliveries that are still to be made'),
    webhooksOverdue: gauge('malipo_webhooks_overdue_seconds', 'How long the oldest due webhook delivery has been due'),
    payoutFloat: gauge(
      'malipo_payout_float',
      'What the operator told of the account that pays, in whole units of its currency',
      ['operator'],
    ),
    payoutFloatAge: gauge('malipo_payout_float_age_seconds', 'How long ago the operator told it', ['operator']),
    batchesWithoutMoney: gauge('malipo_payout_batches_without_money', 'Approved batches that wait for money'),
    messages: gauge('malipo_messages', 'Messages by state', ['state']),
  };
}
