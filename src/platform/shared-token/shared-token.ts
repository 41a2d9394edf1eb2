/** A value that every process must share and that only one at a time may renew (an operator's access token). */
export interface SharedTokens {
  /**
   * The token kept under `name`, or a new one from `refresh`. One refresh runs at a time over all processes; the others
   * wait for it. `expiresInMs` counts from the answer of `refresh`; the store drops the token a little earlier.
   */
  get(name: string, refresh: () => Promise<{ token: string; expiresInMs: number }>): Promise<string>;
  /** Forgets `token` if it still is the one kept (the operator refused it), so that the next `get` renews. */
  forget(name: string, token: string): Promise<void>;
}
