export type {
  AfricasTalkingConfig,
  BillerConfig,
  BusinessConfig,
  CallbacksConfig,
  Config,
  DarajaConfig,
  LimitsConfig,
  RetentionConfig,
  Role,
  RuleAction,
  RulesConfig,
  StoresConfig,
  TimingConfig,
  UssdConfig,
  WebConfig,
  WorkerConfig,
} from './config.ts';
export { billerVariables, environment } from './environment.ts';
export { loadConfig } from './load-config.ts';
export { ConfigError } from './needs.ts';
