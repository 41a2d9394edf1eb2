export type {
  AfricasTalkingConfig,
  BillerConfig,
  BusinessConfig,
  CallbacksConfig,
  Config,
  DarajaConfig,
  DarajaPayoutConfig,
  LimitsConfig,
  MailConfig,
  RemindersConfig,
  RetentionConfig,
  Role,
  RuleAction,
  RulesConfig,
  SimulatorConfig,
  StoresConfig,
  TimingConfig,
  UssdConfig,
  WebConfig,
  WebhooksConfig,
  WorkerConfig,
} from './config.ts';
export { billerVariables, environment } from './environment.ts';
export { loadConfig } from './load-config.ts';
export { ConfigError } from './needs.ts';
