/** What Safaricom's portal gives for one paybill, and where it reaches us. */
export interface DarajaConfig {
  /** `https://api.safaricom.co.ke`, without a slash at the end. */
  baseUrl: string;
  consumerKey: string;
  consumerSecret: string;
  /** The paybill. */
  shortCode: string;
  /** Signs prompts together with short code and time. */
  passkey: string;
  /** The API operator that may ask for transactions. */
  initiator: string;
  /** The initiator's password, encrypted with Safaricom's certificate. */
  securityCredential: string;
  /** Public address of our callbacks with the secret key in its path, without a slash at the end. */
  callbackBaseUrl: string;
  /** For one request, milliseconds. */
  timeoutMs: number;
}

/** The account that pays people; it may be the paybill itself. */
export interface DarajaPayoutConfig {
  shortCode: string;
  initiator: string;
  /** As the collecting account's: the initiator's password under Safaricom's certificate. */
  securityCredential: string;
}

/** Registration fails when an address holds one of these. */
const REFUSED_WORDS = ['mpesa', 'm-pesa', 'safaricom', 'exe', 'cmd', 'sql', 'query'];

/**
 * Refuses at start what the operator would refuse later, in the night and without a reason.
 * The message names the word and never the address, which holds a secret.
 */
export function checkDarajaConfig(config: DarajaConfig): void {
  if (!URL.canParse(config.callbackBaseUrl) || !/^https?:/.test(config.callbackBaseUrl)) {
    throw new Error('the address of the Daraja callbacks (PUBLIC_URL) is not an http or https URL');
  }
  const address = config.callbackBaseUrl.toLowerCase();
  const word = REFUSED_WORDS.find((refused) => address.includes(refused));
  if (word !== undefined) {
    throw new Error(
      `the address of the Daraja callbacks contains "${word}", which the operator refuses: change PUBLIC_URL or DARAJA_CALLBACK_KEY`,
    );
  }
  if (!/^\d{5,7}$/.test(config.shortCode)) throw new Error('DARAJA_SHORT_CODE is not a short code of 5 to 7 digits');
}
