/** The part of the package that is used, as read in 0.8.3; it ships no types. */
declare module 'africastalking' {
  interface SmsClient {
    /** Resolves with the JSON of an HTTP 201. Rejects with an axios error (which carries the API key), or with a bare body. */
    send(message: { to: string[]; message: string; from?: string }): Promise<unknown>;
  }
  export default function africasTalking(options: { username: string; apiKey: string }): { SMS: SmsClient };
}

declare module 'africastalking/lib/common.js' {
  /** Addresses, for the whole process. */
  const common: { SMS_URL: string };
  export default common;
}
