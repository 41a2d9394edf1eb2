import type { Msisdn } from '../../../kernel/index.ts';
import type { UssdSessionEnd } from '../../../providers/ussd/index.ts';
import { parseDial } from './dial-record.ts';
import { sessionKeyOf } from './turn.ts';
import type { TurnDeps } from './turn-deps.ts';

/**
 * The gateway says that a session is over. A waiting payment prompt goes out at once, since the handset is free now; a
 * session that was cut off is marked so. Never throws: the notification is a courtesy and may not come at all.
 */
export async function endSession(deps: TurnDeps, end: UssdSessionEnd): Promise<void> {
  const sessionKey = sessionKeyOf(end);
  deps.observeEnd?.({ sessionKey, msisdn: end.msisdn, status: end.status });
  let dialText: string | undefined;
  let isStoreDown = false;
  try {
    dialText = await deps.store.readDial(end.msisdn);
    if (end.status !== 'success') await markDropped(deps, end.msisdn, sessionKey, dialText);
  } catch (error) {
    isStoreDown = true;
    deps.log.warn({ session: end.sessionId, err: error }, 'the end of a session could not be noted');
  }
  const dial = parseDial(dialText);
  // Most sessions end without a payment: those need no SQL. What is not known is asked.
  const hasNone = !isStoreDown && dial?.session === sessionKey && dial.payment === undefined;
  if (hasNone) return;
  try {
    await deps.domain.promptNow({ sessionKey });
  } catch (error) {
    deps.log.warn({ session: end.sessionId, err: error }, 'a prompt could not be hastened; it goes out by itself');
  }
}

async function markDropped(
  deps: TurnDeps,
  msisdn: Msisdn,
  sessionKey: string,
  dialText: string | undefined,
): Promise<void> {
  const dial = parseDial(dialText);
  if (!dial || dialText === undefined || dial.session !== sessionKey || dial.at === undefined || dial.dropped) return;
  // If it changed in between, the number has dialled again, and the mark would be wrong.
  await deps.store.replaceDial(msisdn, dialText, JSON.stringify({ ...dial, dropped: true }));
}
