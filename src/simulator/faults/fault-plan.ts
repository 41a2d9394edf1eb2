import { z } from 'zod';

const chance = z.number().min(0).max(1);

const range = z
  .tuple([z.number().int().min(0).max(600_000), z.number().int().min(0).max(600_000)])
  .refine(([least, most]) => least <= most, 'least comes first');

/**
 * Chances, 0 to 1, that something goes wrong with one request or one callback of a party.
 * The last are additions to the published list, and mean something at one party only.
 */
export const PartyPlan = z.strictObject({
  /** The connection drops and nothing was processed. */
  lostRequest: chance.optional(),
  /** Processed, and then the connection drops. */
  lostAnswer: chance.optional(),
  /** The callback or delivery report is never sent. */
  lostCallback: chance.optional(),
  /** It is sent a second time a moment later. */
  repeatedCallback: chance.optional(),
  /** It is sent before the request that caused it is answered. */
  callbackBeforeAnswer: chance.optional(),
  /** HTTP 500; half of them were processed. */
  http500: chance.optional(),
  /** The party's own words for "slow down"; not processed. */
  busy: chance.optional(),
  /** A page of HTML in place of the answer; half of them were processed. */
  html: chance.optional(),
  /** A query says the opposite of what happened. */
  contradictingQuery: chance.optional(),
  /** The result of a payout is followed by one that says the opposite. */
  contradictingResult: chance.optional(),
  /** [least, most] milliseconds before answers and callbacks. */
  delayMs: range.optional(),
  /** A paid prompt is announced as a paybill confirmation too, under the same receipt. */
  alsoConfirm: chance.optional(),
  /** A prompt is refused with "unable to lock subscriber"; not sent. */
  subscriberLocked: chance.optional(),
  /** A status query, a reversal or a payout ends at QueueTimeOutURL in place of ResultURL. */
  queueTimeOut: chance.optional(),
  /** A good token is refused once with "Invalid Access Token". */
  tokenRefused: chance.optional(),
  /** A receiver of webhooks answers 410. */
  gone: chance.optional(),
  /** A biller books a prepaid sale at once and has its token only later, after `tokenAfterMs`. */
  tokenLater: chance.optional(),
  /** [least, most] milliseconds; a minute when left out. */
  tokenAfterMs: range.optional(),
});
export type PartyPlan = z.infer<typeof PartyPlan>;

export const PARTIES = ['daraja', 'biller', 'sms', 'webhooks', 'mail'] as const;
export type Party = (typeof PARTIES)[number];

/** A party that is left out keeps its faults; `{}` ends a party's; an empty plan ends all. */
export const FaultPlan = z.strictObject({
  seed: z.union([z.number(), z.string().min(1).max(200)]).optional(),
  daraja: PartyPlan.optional(),
  biller: PartyPlan.optional(),
  sms: PartyPlan.optional(),
  webhooks: PartyPlan.optional(),
  mail: PartyPlan.optional(),
});
export type FaultPlan = z.infer<typeof FaultPlan>;
