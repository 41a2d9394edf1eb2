import { createHmac } from 'node:crypto';
import type Router from '@koa/router';
import {
  ACTION_SPECS,
  addUssdRoutes,
  type EndEvent,
  type HopEvent,
  type MenuLibrary,
  type MenuLibraryDeps,
  openMenuLibrary,
  PAYMENT_VARIABLES,
  type UssdDomain,
  watchMenus,
} from '../channels/ussd/index.ts';
import { linkAccount, listLinks, lookUpAccount, renameLink, sendBillLater, unlink } from '../domain/accounts/index.ts';
import type { BillerCatalogue } from '../domain/billers/index.ts';
import {
  checkPin,
  findCustomer,
  judgeNewPin,
  removePin,
  setLanguage,
  setPin,
  setPromptBlock,
} from '../domain/customers/index.ts';
import type { DialogRecorder } from '../domain/dialogs/index.ts';
import { findElsewhere } from '../domain/elsewhere/index.ts';
import {
  checkAmount,
  checkPayer,
  findUndeliveredReceipt,
  getPayment,
  listPayments,
  paymentUnderWay,
  promptNow,
  requestPayment,
  sendReceiptAgain,
} from '../domain/payments/index.ts';
import { answerQuestion, findQuestions } from '../domain/payout-answers/index.ts';
import { setReminders, wantsReminders } from '../domain/reminders/index.ts';
import type { Config } from '../platform/config/index.ts';
import { makeContentArchive } from '../platform/content-archive/index.ts';
import type { CallbackGuard } from '../platform/http/index.ts';
import type { HopOutcome } from '../platform/metrics/index.ts';
import { makeAfricasTalkingUssd } from '../providers/ussd/africastalking/index.ts';
import { MENUS_DIRECTORY } from './menus.ts';
import type { Service } from './service.ts';

/** Where the menus are, and what they are proven and shown with. */
export function menuSource(
  business: Config['business'],
  billers: BillerCatalogue,
): Pick<MenuLibraryDeps, 'directory' | 'parts' | 'options'> {
  return {
    directory: MENUS_DIRECTORY,
    parts: { specs: ACTION_SPECS, underWayVariables: PAYMENT_VARIABLES },
    options: {
      defaultLanguage: business.defaultLanguage,
      timeZone: business.timeZone,
      currency: business.currency,
      constants: { serviceCode: business.serviceCode },
      lists: { billers: billers.all().map(({ id, name, kind }) => ({ id, name, kind })) },
    },
  };
}

/** Proves the menus, and loads them again whenever their files change. Rejects when a menu does not hold together. */
async function openMenus({ runtime, config: { business }, log, deps }: Service): Promise<OpenMenus> {
  const archive = makeContentArchive(runtime, deps.database);
  const library = await openMenuLibrary({ ...menuSource(business, deps.billers), archive, log });
  return { library, stop: watchMenus({ directory: MENUS_DIRECTORY, library, clock: runtime.clock, log }) };
}

export interface OpenMenus {
  library: MenuLibrary;
  /** Stops watching the menu files. */
  stop(): void;
}

/**
 * Binds the USSD channel to the domain. Menus that are given are used as they are; else those of the files are. Without a
 * recorder no dialogs are kept.
 */
export async function openUssd(
  service: Service,
  given?: OpenMenus,
  dialogs?: DialogRecorder,
): Promise<{
  addRoutes(router: Router, guard: CallbackGuard): void;
  /** Stops watching the menu files. */
  stop(): void;
}> {
  const { runtime, config, log, metrics, sessions, deps } = service;
  const { business, ussd } = config;
  const { library: menus, stop } = given ?? (await openMenus(service));
  const gateway = makeAfricasTalkingUssd({ shortCodes: [business.serviceCode] });
  return {
    addRoutes(router, guard) {
      const observe = (event: HopEvent) => {
        metrics.hop(outcomeOf(event), event.durationMs);
        // A turn that was answered before was seen before.
        if (event.kind !== 'repeat') dialogs?.hop(event);
      };
      const observeEnd = ({ status, ...end }: EndEvent) => dialogs?.end({ ...end, endedAs: status });
      const ussdDeps = {
        clock: runtime.clock,
        store: sessions,
        menus,
        domain: bindDomain(service),
        billers: deps.billers,
        key: createHmac('sha256', config.dataKey).update('malipo ussd sessions').digest('hex'),
        sealing: deps.sealing,
        defaultLanguage: business.defaultLanguage,
        hopTimeoutMs: ussd.hopTimeoutMs,
        lookupTimeoutMs: ussd.lookupTimeoutMs,
        log,
        observe,
        observeEnd,
      };
      addUssdRoutes(router, ussdDeps, gateway, guard);
    },
    stop,
  };
}

function outcomeOf({ kind, ended }: HopEvent): HopOutcome {
  if (kind === 'failed') return 'failed';
  if (kind === 'repeat' || kind === 'stale') return 'repeat';
  return ended ? 'end' : 'continue';
}

/** The domain's functions as the menu calls them: their deps bound. */
function bindDomain({ deps }: Service): UssdDomain {
  return {
    lookUpAccount: (input) => lookUpAccount(deps, input),
    sendBillLater: (input) => sendBillLater(deps, input),
    findElsewhere: (input) => findElsewhere(deps, input),
    listLinks: (input) => listLinks(deps, input),
    linkAccount: (input) => linkAccount(deps, input),
    renameLink: (input) => renameLink(deps, input),
    unlink: (input) => unlink(deps, input),
    findCustomer: (input) => findCustomer(deps, input),
    setLanguage: (input) => setLanguage(deps, input),
    setPin: (input) => setPin(deps, input),
    removePin: (input) => removePin(deps, input),
    judgeNewPin,
    setPromptBlock: (input) => setPromptBlock(deps, input),
    wantsReminders: (input) => wantsReminders(deps, input),
    setReminders: (input) => setReminders(deps, { ...input, source: 'ussd' }),
    checkPin: (input) => checkPin(deps, input),
    checkAmount: (input) => checkAmount(deps, input),
    checkPayer: (input) => checkPayer(deps, input),
    requestPayment: (input) => requestPayment(deps, { ...input, channel: 'ussd' }),
    promptNow: (input) => promptNow(deps, input),
    getPayment: (input) => getPayment(deps, input),
    listPayments: (input) => listPayments(deps, input),
    paymentUnderWay: (input) => paymentUnderWay(deps, input),
    findQuestions: (input) => findQuestions(deps, input),
    answerQuestion: (input) => answerQuestion(deps, { ...input, channel: 'ussd' }),
    sendReceiptAgain: (input) => sendReceiptAgain(deps, input),
    findUndeliveredReceipt: (input) => findUndeliveredReceipt(deps, input),
  };
}
