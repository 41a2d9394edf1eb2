import type { HttpPort } from '../../platform/http/index.ts';
import type { SimulatorLog, Timers } from '../basis/index.ts';
import type { PartyFaults } from './fault-desk.ts';

export interface Callback {
  url: string;
  contentType: 'application/json' | 'application/x-www-form-urlencoded';
  body: string;
  /** For the log; the address itself holds a secret. */
  what: string;
}

export interface CallbackDeps {
  http: HttpPort;
  faults: PartyFaults;
  timers: Timers;
  log: SimulatorLog;
}

/** Callbacks wait this long for an answer and are never tried again, as at the real parties. */
const CALLBACK_TIMEOUT_MS = 10_000;

/** Sends a callback as its fate wills. Never rejects: nobody at the operator waits for a merchant. */
export async function sendCallback(deps: CallbackDeps, callback: Callback): Promise<void> {
  const fate = deps.faults.drawCallback();
  if (fate.lost) return;
  if (fate.delayMs > 0 && !(await deps.timers.sleep(fate.delayMs))) return;
  await deliver(deps, callback);
  if (fate.repeated && (await deps.timers.sleep(fate.repeatAfterMs))) await deliver(deps, callback);
}

async function deliver({ http, log }: CallbackDeps, { url, contentType, body, what }: Callback): Promise<void> {
  try {
    const answer = await http.request({
      method: 'POST',
      url,
      headers: { 'content-type': contentType },
      body,
      timeoutMs: CALLBACK_TIMEOUT_MS,
    });
    if (answer.status >= 300) log.warn({ what, status: answer.status }, 'callback was refused');
  } catch (error) {
    log.warn({ what, fault: error instanceof Error ? error.name : 'unknown' }, 'callback was not taken');
  }
}
