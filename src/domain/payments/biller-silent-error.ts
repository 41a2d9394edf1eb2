/** Thrown to have the outbox ask the biller again. */
export class BillerSilentError extends Error {
  override readonly name = 'BillerSilentError';
}
