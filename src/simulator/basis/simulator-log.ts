/** What the simulator needs of a log; pino fits. Never given a PIN, a token, a callback address or a full number. */
export interface SimulatorLog {
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
  error(fields: object, message: string): void;
}

export const silentLog: SimulatorLog = { info() {}, warn() {}, error() {} };
