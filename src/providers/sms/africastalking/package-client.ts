import africasTalking from 'africastalking';
import common from 'africastalking/lib/common.js';

export interface PackageClient {
  /** One HTTP request; see the package's types for what it rejects with. Never times out by itself. */
  send(message: { to: string; text: string; sender?: string }): Promise<unknown>;
}

interface MadeClient {
  sms: ReturnType<typeof africasTalking>['SMS'];
  liveUrl: string;
}

const clients = new Map<string, MadeClient>();
let sandboxProcess: boolean | undefined;

/**
 * One client an account and a process, made once. The user name `sandbox` moves the package's addresses for the whole process, live
 * clients included: the two kinds in one process are refused.
 */
export function packageClient(account: { username: string; apiKey: string; smsUrl?: string }): PackageClient {
  const { sms, liveUrl } = clientOf(account);
  const url = account.smsUrl ?? liveUrl;
  return {
    send({ to, text, sender }) {
      // The package has no option for its address and reads this one while `send` runs, before it first waits.
      common.SMS_URL = url;
      return sms.send({ to: [to], message: text, ...(sender !== undefined && { from: sender }) });
    },
  };
}

function clientOf({ username, apiKey }: { username: string; apiKey: string }): MadeClient {
  const key = `${username}\n${apiKey}`;
  const made = clients.get(key);
  if (made) return made;
  const sandbox = username.toLowerCase() === 'sandbox';
  if (sandboxProcess !== undefined && sandboxProcess !== sandbox) {
    throw new Error("a sandbox and a live account of Africa's Talking cannot be used in one process");
  }
  const { SMS } = africasTalking({ username, apiKey });
  // Made fresh: the addresses are now those that belong to this account.
  const client = { sms: SMS, liveUrl: sandbox ? SANDBOX_URL : LIVE_URL };
  clients.set(key, client);
  sandboxProcess = sandbox;
  return client;
}

/** As the package sets them; written here because `send` above replaces what the package holds. */
const LIVE_URL = 'https://api.africastalking.com/version1/messaging';
const SANDBOX_URL = 'https://api.sandbox.africastalking.com/version1/messaging';
