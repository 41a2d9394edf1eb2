export {
  DEFAULT_SIMULATOR_CONFIG,
  type SimulatorAnswer,
  type SimulatorConfig,
  type SimulatorLog,
  type SimulatorReply,
  type SimulatorRequest,
  silentLog,
} from './basis/index.ts';
export { makeSimulatorCore, type SimulatorCore, type SimulatorDeps } from './core.ts';
export { type RunningSimulator, type StartSimulatorDeps, startSimulator } from './start-simulator.ts';
