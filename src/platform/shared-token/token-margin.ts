/** How much earlier than the operator says a token is dropped: a tenth of its life, a minute at most. */
export function keptForMs(expiresInMs: number): number {
  return Math.max(0, Math.floor(expiresInMs - Math.min(60_000, expiresInMs / 10)));
}

/** A refresh that takes longer is given up: the operator's answer came too late to be of use. */
export const REFRESH_TIMEOUT_MS = 15_000;
