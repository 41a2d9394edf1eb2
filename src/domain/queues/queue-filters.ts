/** What a queue is narrowed by; all of it must fit. */
export interface QueueFilters {
  /** What kind of thing: a type of break, the name of a step or event, a state. */
  kind?: string;
  /** Whom it concerns: a biller, an operator or an organisation, by id. */
  party?: string;
  day?: QueueDay;
  /** Who has taken it on; null: nobody has. */
  ownerId?: string | null;
}

/**
 * A day of the business. What is of a day (a settlement, a break that a day's comparison found) is of that one; anything else is of the day since
 * which it waits.
 */
export interface QueueDay {
  /** `2026-11-20` */
  name: string;
  fromMs: number;
  /** Not included. */
  toMs: number;
}
