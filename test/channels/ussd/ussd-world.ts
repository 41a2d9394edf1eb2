import {
  ACTION_SPECS,
  type HopEvent,
  type MenuArchive,
  type MenuLibrary,
  makeUssdHandlers,
  openMenuLibrary,
  PAYMENT_VARIABLES,
  type UssdBiller,
  type UssdDeps,
  type UssdHandlers,
} from '../../../src/channels/ussd/index.ts';
import { type Clock, systemRuntime } from '../../../src/kernel/index.ts';
import { makeSealing } from '../../../src/platform/sealing/index.ts';
import { memorySessions, type SessionStore } from '../../../src/platform/sessions/index.ts';
import { makeAfricasTalkingUssd } from '../../../src/providers/ussd/africastalking/index.ts';
import { type ManualClock, manualClock } from '../../support/manual-clock.ts';
import { type PretendDomain, pretendDomain } from './pretend-domain.ts';

export const BILLERS: readonly UssdBiller[] = [
  { id: 'jua-power', name: 'Jua Power', kind: 'prepaid' },
  { id: 'maji-water', name: 'Maji Water', kind: 'postpaid' },
];

export const MENU_PARTS = { specs: ACTION_SPECS, underWayVariables: PAYMENT_VARIABLES };

export const MENU_OPTIONS = {
  defaultLanguage: 'en',
  timeZone: 'Africa/Nairobi',
  currency: 'KES',
  constants: { serviceCode: '*384*123#' },
  lists: { billers: BILLERS.map(({ id, name, kind }) => ({ id, name, kind })) },
};

export function memoryArchive(): MenuArchive & { kept: Map<string, string> } {
  const kept = new Map<string, string>();
  return {
    kept,
    async save(hash, content) {
      kept.set(hash, content);
    },
    async load(hash) {
      return kept.get(hash);
    },
  };
}

export interface UssdWorld {
  clock: ManualClock;
  domain: PretendDomain;
  store: SessionStore;
  menus: MenuLibrary;
  handlers: UssdHandlers;
  events: HopEvent[];
  /** Everything that was logged, as text. */
  logged: string[];
  /** Everything that the store was given, as text. */
  written: string[];
  /** Handlers with some of the deps replaced, on the same store and domain. */
  again(change: Partial<UssdDeps>): UssdHandlers;
  phone(msisdn?: string): Phone;
}

export interface WorldOptions {
  menus?: MenuLibrary;
  clock?: ManualClock;
  wrapStore?(store: SessionStore): SessionStore;
}

let library: Promise<MenuLibrary> | undefined;

/** Proven once: the tests share it. */
export function demoMenus(): Promise<MenuLibrary> {
  library ??= openMenuLibrary({
    ...{ directory: 'menus', parts: MENU_PARTS, options: MENU_OPTIONS },
    archive: memoryArchive(),
    log: { info() {}, warn() {}, error() {} },
  });
  return library;
}

export const SEALING = makeSealing(Buffer.alloc(32, 7), systemRuntime.chance);

export async function ussdWorld(options: WorldOptions = {}): Promise<UssdWorld> {
  const clock = options.clock ?? manualClock();
  const domain = pretendDomain();
  const written: string[] = [];
  const memory = spyOn(
    memorySessions({ clock: clock as Clock }, { sessionTtlMs: 600_000, dialTtlMs: 600_000 }),
    written,
  );
  const store = options.wrapStore?.(memory) ?? memory;
  const menus = options.menus ?? (await demoMenus());
  const logged: string[] = [];
  const log = (fields: object, message: string) => {
    logged.push(
      `${message} ${JSON.stringify(fields, (_, value) => (value instanceof Error ? String(value.stack) : value))}`,
    );
  };
  const events: HopEvent[] = [];
  const deps: UssdDeps = {
    ...{ clock, store, menus, domain, defaultLanguage: 'en', key: 'a key for tests only' },
    billers: { all: () => BILLERS },
    sealing: SEALING,
    ...{ hopTimeoutMs: 5000, lookupTimeoutMs: 3000 },
    log: { debug: log, warn: log, error: log },
    observe: (event) => events.push(event),
  };
  const gateway = makeAfricasTalkingUssd({ shortCodes: ['*384*123#'] });
  const handlers = makeUssdHandlers(deps, gateway);
  const world: UssdWorld = {
    ...{ clock, domain, store, menus, handlers, events, logged, written },
    again: (change) => makeUssdHandlers({ ...deps, ...change }, gateway),
    phone: (msisdn = '+254711000001') => makePhone(world, msisdn),
  };
  return world;
}

function spyOn(store: SessionStore, written: string[]): SessionStore {
  return {
    ...store,
    async storeTurn(msisdn, sessionKey, write) {
      written.push(JSON.stringify(write));
      return store.storeTurn(msisdn, sessionKey, write);
    },
    async replaceDial(msisdn, expected, replacement) {
      written.push(replacement);
      return store.replaceDial(msisdn, expected, replacement);
    },
  };
}

export interface Phone {
  readonly sessionId: string;
  /** All inputs so far, as the gateway sends them. */
  readonly text: string;
  network: string;
  /** Begins a new session; what follows the short code goes into the text, as the gateway does. */
  dial(code?: string): Promise<string>;
  send(input: string): Promise<string>;
  /** The same request again, or an older or made-up one. */
  raw(text: string): Promise<string>;
  hangUp(status?: string): Promise<void>;
}

let sessions = 0;

function makePhone(world: UssdWorld, msisdn: string): Phone {
  let sessionId = '';
  let text = '';
  const form = (inputs: string) => ({
    ...{ sessionId, phoneNumber: msisdn, networkCode: phone.network, serviceCode: '*384*123#', text: inputs },
  });
  const post = async (inputs: string) => (await world.handlers.handleHop(form(inputs))).body;
  const phone: Phone = {
    network: '63902',
    get sessionId() {
      return sessionId;
    },
    get text() {
      return text;
    },
    dial(code = '*384*123#') {
      sessions += 1;
      sessionId = `ATUid_${sessions}`;
      text = code.slice('*384*123'.length).replace(/^\*/, '').replace(/#$/, '');
      return post(text);
    },
    send(input) {
      text = text === '' ? input || '*' : `${text}*${input}`;
      return post(text);
    },
    raw: post,
    async hangUp(status = 'Incomplete') {
      await world.handlers.handleEnd({ ...form(text), status, input: text, lastAppResponse: 'CON 1234' });
    },
  };
  return phone;
}
