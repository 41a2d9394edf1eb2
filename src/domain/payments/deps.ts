import type { Money } from '../../kernel/index.ts';
import type { TransferDeps } from '../../money/transfers/index.ts';
import type { LookupDeps } from '../accounts/index.ts';
import type { CustomerDeps } from '../customers/index.ts';
import type { MessageDeps } from '../messages/index.ts';

export interface PaymentDeps extends TransferDeps, LookupDeps, CustomerDeps, MessageDeps {
  paymentSettings: PaymentSettings;
}

/** Thresholds, all from configuration. */
export interface PaymentSettings {
  /** Which operator collects. */
  operator: string;
  /** Numbers of this country can be asked to pay. */
  country: string;
  timeZone: string;
  serviceCode: string;
  /** What customers may call; undefined: they are told that they will hear from us. */
  supportPhone: string | undefined;
  operatorMin: Money;
  operatorMax: Money;
  /** The operator's limit a payer a day. */
  operatorDaily: Money;
  /** Ours. */
  customerDaily: Money;
  /** Different accounts a number may pay on one day before the rule acts; counted per payer and per dialler. */
  accountsPerDay: number;
  accountsAction: RuleAction;
  paymentsPer10Minutes: number;
  paymentsAction: RuleAction;
  /** Prompts a day to a number that has not paid for this dialler before. */
  thirdPartyPromptsPerDay: number;
  /** The same payer and amount within this time: no second prompt. */
  repeatWindowMs: number;
  holdMs: number;
  /** Collected, and not posted after this time: the customer is told that it is on its way. */
  noticeDelayMs: number;
  delays: DelaySettings;
}

/** How long money may be on its way, or its fate unknown, before more is done than to ask again. */
export interface DelaySettings {
  /** The customer is told what is known. */
  payerMs: number;
  /** Staff gets a break to look at. */
  staffMs: number;
  /** A refund is proposed, to be decided by a person. */
  refundMs: number;
}

export type RuleAction = 'hold' | 'refuse';
