import africasTalking from 'africastalking';
import common from 'africastalking/lib/common.js';

export interface PackageClient {
  /** One HTTP request; see the package's types for what it rejects with. Never times out by itself. */
  send(message: { to: string; text: string; sender?: string }): Promise<unknown>;
}

type SmsClient = ReturnType<typeof africasTalking>['SMS'];

const clients = new Map<string, SmsClient>();

/** As the package sets them for its two kinds of accounts. */
const LIVE_URL = 'https://api.africastalking.com/version1/messaging';
const SANDBOX_URL = 'https://api.sandbox.africastalking.com/version1/messaging';

/**
 * One client an account and a process, made once. The user name `sandbox` moves the package's address for the whole process, live
 * clients included, and there is no option for another one: so the address that belongs to this account is set before each send.
 */
export function packageClient(account: { username: string; apiKey: string; smsUrl?: string }): PackageClient {
  const sms = clientOf(account);
  const url = account.smsUrl ?? (account.username.toLowerCase() === 'sandbox' ? SANDBOX_URL : LIVE_URL);
  return {
    send({ to, text, sender }) {
      // The package reads it while `send` runs, before it first waits.
      common.SMS_URL = url;
      return sms.send({ to: [to], message: text, ...(sender !== undefined && { from: sender }) });
    },
  };
}

function clientOf({ username, apiKey }: { username: string; apiKey: string }): SmsClient {
  const key = `${username}\n${apiKey}`;
  const client = clients.get(key) ?? africasTalking({ username, apiKey }).SMS;
  clients.set(key, client);
  return client;
}
