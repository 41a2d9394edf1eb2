export { LOG_LEVELS, type Log, type LogLevel, makeLog, silentLog } from './log.ts';
export { maskText, type SerializedError, serializeError } from './serialize-error.ts';
