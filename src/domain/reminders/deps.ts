import type { Money } from '../../kernel/index.ts';
import type { LookupDeps } from '../accounts/index.ts';
import type { MessageDeps } from '../messages/index.ts';
import type { PayLinks } from '../pay-links/index.ts';
import type { SendingHours } from './sending-hours.ts';

export interface ReminderDeps extends LookupDeps, MessageDeps {
  /** `*384*123#` */
  serviceCode: string;
  payLinks: PayLinks;
  reminderSettings: ReminderSettings;
}

export interface ReminderSettings {
  /** Days from the due date, ascending: -3, 0, 3. */
  stages: readonly number[];
  hours: SendingHours;
  /** Messages that may be handed to the provider in a second. */
  perSecond: number;
  /** A number that can receive STOP; every reminder names it. */
  stopNumber: string;
  /** Whether a reminder names a short address of the page to pay, behind the dial string. */
  hasLinks: boolean;
  /** What one part of a message costs; for estimates. */
  segmentPrice: Money;
  /** ISO 3166: its numbers live in `timeZone`. */
  country: string;
  /** Of the business and of its billers' days. */
  timeZone: string;
}
