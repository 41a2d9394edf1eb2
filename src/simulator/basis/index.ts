export { DEFAULT_SIMULATOR_CONFIG, type SimulatorConfig } from './config.ts';
export {
  fileReply,
  htmlReply,
  jsonReply,
  parseJson,
  problemReply,
  type SimulatorAnswer,
  type SimulatorReply,
  type SimulatorRequest,
  segmentsAfter,
} from './message.ts';
export { nairobiDay, nairobiStamp, readNairobiStamp, readNairobiTime } from './nairobi-time.ts';
export { readPhoneNumber, steadyHash, steadyName } from './phone-number.ts';
export { type SimulatorLog, silentLog } from './simulator-log.ts';
export { makeTimers, type Timers } from './timers.ts';
