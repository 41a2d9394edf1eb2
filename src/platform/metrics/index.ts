export {
  CALLBACK_FATES,
  type CallbackFate,
  HOP_OUTCOMES,
  type HopOutcome,
  type Metrics,
  type MetricsOptions,
  makeMetrics,
  type OutboxGauges,
} from './metrics.ts';
