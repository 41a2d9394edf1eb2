interface DriverError {
  errno?: number;
  code?: string;
}

function driverError(error: unknown): DriverError {
  const outer = error as { driverError?: DriverError } & DriverError;
  return outer.driverError ?? outer;
}

/** A unique key is taken. The statement failed, the transaction goes on. */
export function isDuplicateKey(error: unknown): boolean {
  const { errno, code } = driverError(error);
  return errno === 1062 || code === 'SQLITE_CONSTRAINT_UNIQUE' || code === 'SQLITE_CONSTRAINT_PRIMARYKEY';
}

/** The disk is full, read-only or broken: nothing can be written until somebody sees to it. */
export function isDiskFault(error: unknown): boolean {
  const { code } = driverError(error);
  return typeof code === 'string' && /^SQLITE_(FULL|IOERR|READONLY|CANTOPEN|CORRUPT)/.test(code);
}

/** A deadlock (1213), a lock wait (1205) or a busy file: the store rolled back, and the work can be run again. */
export function isRetryable(error: unknown): boolean {
  const { errno, code } = driverError(error);
  return errno === 1213 || errno === 1205 || code === 'SQLITE_BUSY';
}
