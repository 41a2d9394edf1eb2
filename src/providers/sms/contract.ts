import type { Msisdn } from '../../kernel/index.ts';

export interface SmsRequest {
  to: Msisdn;
  text: string;
  /** Sender name or short code; undefined lets the provider choose. */
  sender?: string;
}

export type SmsAnswer =
  /** `cost` is the provider's text, such as `KES 0.8000`. */
  | { kind: 'accepted'; messageId: string; cost: string }
  /** Definite: sending again cannot help (blacklisted, invalid number). */
  | { kind: 'rejected'; code: string; description: string }
  /** Definitely not sent now, worth sending later (balance, routing, gateway). */
  | { kind: 'later'; code: string; description: string }
  /** No proof either way: it may have been sent. */
  | { kind: 'unknown'; description: string };

/** `final` states are never moved back. */
export interface DeliveryReport {
  messageId: string;
  status: 'sent' | 'buffered' | 'delivered' | 'failed' | 'rejected' | 'absent' | 'expired';
  final: boolean;
  failureReason?: string;
}

export interface IncomingSms {
  id: string;
  /** As it came: a number in any spelling, a short code, or a sender's name. */
  from: string;
  to: string;
  text: string;
}

export interface OptOut {
  from: Msisdn;
  sender: string;
}

/** An SMS provider. Parsers take the form's fields and return undefined when they are not of the wire's shape. */
export interface SmsProvider {
  readonly name: string;
  send(request: SmsRequest): Promise<SmsAnswer>;
  parseDeliveryReport(form: Readonly<Record<string, string>>): DeliveryReport | undefined;
  parseIncoming(form: Readonly<Record<string, string>>): IncomingSms | undefined;
  parseOptOut(form: Readonly<Record<string, string>>): OptOut | undefined;
}
