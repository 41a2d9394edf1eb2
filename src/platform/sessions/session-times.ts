export interface SessionTimes {
  /** How long a session lives after its last turn. */
  sessionTtlMs: number;
  /** How long a number's last dial can be taken up again. */
  dialTtlMs: number;
}

/**
 * How many answers of a session are kept at most: after every so many turns the earlier ones are forgotten. Far more
 * turns than a session of three minutes can hold.
 */
export const ANSWERS_KEPT = 256;
