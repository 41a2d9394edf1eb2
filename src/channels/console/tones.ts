import type { PaymentState } from '../../domain/payments/index.ts';

export type Tone = 'good' | 'bad' | 'wait' | 'quiet';

/** The colour of a payment's state; its word is the text `console.state.<state>`. */
export const PAYMENT_TONES: Readonly<Record<PaymentState, Tone>> = {
  requested: 'wait',
  held: 'wait',
  prompting: 'wait',
  collected: 'wait',
  posted: 'good',
  suspense: 'bad',
  'refund-due': 'bad',
  refunded: 'quiet',
  failed: 'quiet',
  expired: 'quiet',
};
