import { Refusal, withDeadline } from '../../../kernel/index.ts';
import type { UssdHop } from '../../../providers/ussd/index.ts';
import { paymentVariables } from '../actions/index.ts';
import type { CompiledMenu } from '../menus/index.ts';
import type { PaymentView } from '../ussd-domain.ts';
import type { DialRecord } from './dial-record.ts';
import { freshState, type SessionState } from './session-state.ts';
import type { TurnDeps } from './turn-deps.ts';

/** The first hop goes without what SQL does not say in this time: a menu in the default language is better than none. */
const FIRST_READ_MS = 2_000;

/** A payment in one of these is under way: its end is not known yet. */
const UNDER_WAY = new Set(['held', 'asking', 'unknown', 'collected', 'token-due']);

/**
 * The state that a session starts with: a payment under way shows itself first, then a session that dropped asks
 * whether to go on, else the menu begins. A deep dial begins at once.
 */
export async function openSession(
  deps: TurnDeps,
  menu: CompiledMenu,
  hop: UssdHop,
  sessionKey: string,
  dial: DialRecord | undefined,
  isDeep: boolean,
): Promise<SessionState> {
  const { msisdn } = hop;
  const customer = await orNothing(deps, () => deps.domain.findCustomer({ msisdn }));
  const underWay = isDeep ? undefined : await findUnderWay(deps, hop, dial, customer !== undefined);
  const lang = knownLanguage(menu, customer?.language ?? dial?.lang) ?? deps.defaultLanguage;
  const { start, entries } = menu.source;
  if (underWay) {
    const vars = paymentVariables(underWay, deps.billers, msisdn);
    return { ...freshState(menu.hash, lang, entries.underWay), vars, payment: underWay.id };
  }
  if (!isDeep && dial?.at !== undefined && dial.session !== sessionKey) {
    const dropped = { session: dial.session, at: dial.at };
    return { ...freshState(menu.hash, lang, entries.resume), dropped };
  }
  // A dial string was not asked for the payment: it stays with the number for its next dial.
  return { ...freshState(menu.hash, lang, start), payment: isDeep ? dial?.payment : undefined };
}

async function findUnderWay(
  deps: TurnDeps,
  { msisdn }: UssdHop,
  dial: DialRecord | undefined,
  isKnown: boolean,
): Promise<PaymentView | undefined> {
  // Whoever confirmed a payment is known since: a stranger has none, and is not asked about.
  const found = isKnown ? await orNothing(deps, () => deps.domain.paymentUnderWay({ msisdn })) : undefined;
  if (found) return found;
  const id = dial?.payment;
  if (id === undefined) return undefined;
  const confirmed = await orNothing(deps, () => deps.domain.getPayment({ id, msisdn }));
  return confirmed && UNDER_WAY.has(confirmed.situation) ? confirmed : undefined;
}

function knownLanguage(menu: CompiledMenu, language: string | undefined): string | undefined {
  return language !== undefined && menu.texts.languages.includes(language) ? language : undefined;
}

async function orNothing<T>(deps: TurnDeps, work: () => Promise<T | undefined>): Promise<T | undefined> {
  try {
    return await withDeadline(deps.clock, FIRST_READ_MS, work());
  } catch (error) {
    if (!(error instanceof Refusal)) deps.log.warn({ err: error }, 'the first hop goes on without the customer');
    return undefined;
  }
}
