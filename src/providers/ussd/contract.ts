import type { Msisdn } from '../../kernel/index.ts';

/** Networks whose screens have a length of their own; `gsm` is the safe default. */
export type NetworkName = 'safaricom' | 'airtel' | 'telkom' | 'equitel' | 'gsm';

/** One request of a gateway, the same for every wire. */
export interface UssdHop {
  /** Name of the gateway, for keys: `africastalking`. */
  gateway: string;
  sessionId: string;
  msisdn: Msisdn;
  network: NetworkName;
  /** The short code alone, as dialled: `*384*123#`. */
  serviceCode: string;
  /**
   * Cumulative gateways resend all inputs so far, joined by `*`; the channel finds the new one behind the prefix it
   * stored. Latest-input gateways send only the new one. `dialled` holds what followed the short code in the dial string.
   */
  input: { kind: 'cumulative'; text: string; dialled: string } | { kind: 'latest'; text: string; first: boolean };
}

export interface UssdReply {
  /** `continue` keeps the session open and takes an input. */
  kind: 'continue' | 'end';
  text: string;
}

export interface UssdSessionEnd {
  gateway: string;
  sessionId: string;
  msisdn: Msisdn;
  status: 'success' | 'incomplete' | 'failed';
}

/** A gateway's wire. Parsers return undefined for a form that is not of the wire's shape. */
export interface UssdGateway {
  readonly name: string;
  parseHop(form: Readonly<Record<string, string>>): UssdHop | undefined;
  parseSessionEnd(form: Readonly<Record<string, string>>): UssdSessionEnd | undefined;
  renderReply(reply: UssdReply): { contentType: string; body: string };
}
