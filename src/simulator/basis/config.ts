/** What the simulator is told at its start. Addresses are without a trailing slash. */
export interface SimulatorConfig {
  /** The gateway's own address: the handset dials it, delivery reports go there. */
  gatewayUrl: string;
  /** The secret in the path of the gateway's Africa's Talking addresses. */
  africastalkingKey: string;
  /** As dialled, with its hash: `*384*123#`. */
  serviceCode: string;
  currency: string;
  operator: {
    shortCode: string;
    /** The account that pays people; undefined: the same. */
    payoutShortCode?: string;
    /** Undefined: any well-formed password or basic credential is taken. */
    passkey?: string;
    consumerKey?: string;
    consumerSecret?: string;
  };
  /** Undefined: any key is taken. */
  smsApiKey?: string;
  /** Bearer keys by biller; a biller without one takes any. */
  billerKeys?: Readonly<Record<string, string>>;
  /** The `whsec_` secret with which billers verify their webhooks; undefined: they find every signature wrong. */
  webhookSecret?: string;
  /** How long a prompt stays on a handset that does nothing. */
  promptTimeoutMs: number;
  /** From the acceptance of a message to its delivery report. */
  deliveryReportAfterMs: number;
}

export const DEFAULT_SIMULATOR_CONFIG: SimulatorConfig = {
  gatewayUrl: 'http://127.0.0.1:8080',
  africastalkingKey: 'demo',
  serviceCode: '*384*123#',
  currency: 'KES',
  operator: { shortCode: '174379' },
  promptTimeoutMs: 60_000,
  deliveryReportAfterMs: 1_000,
};
