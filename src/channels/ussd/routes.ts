import type Router from '@koa/router';
import type { Clock } from '../../kernel/index.ts';
import { type CallbackGuard, readForm } from '../../platform/http/index.ts';
import type { SessionStore } from '../../platform/sessions/index.ts';
import type { UssdGateway } from '../../providers/ussd/index.ts';
import { ACTIONS } from './actions/index.ts';
import {
  type EndEvent,
  endSession,
  type HopEvent,
  makeSealer,
  type SessionSealing,
  type TurnDeps,
  takeTurn,
  type UssdLog,
} from './engine/index.ts';
import type { MenuLibrary } from './menus/index.ts';
import type { UssdBiller, UssdDomain } from './ussd-domain.ts';

export interface UssdDeps {
  clock: Clock;
  store: SessionStore;
  menus: MenuLibrary;
  domain: UssdDomain;
  billers: { all(): readonly UssdBiller[] };
  /** Secret of at least 16 characters, the same in every process: turns and inputs are kept only as hashes under it. */
  key: string;
  /** The same in every process: for sessions and answers that hold a token. */
  sealing: SessionSealing;
  defaultLanguage: string;
  /** A whole hop; the gateway itself gives up after 10 s. */
  hopTimeoutMs: number;
  /** An account lookup within a hop. */
  lookupTimeoutMs: number;
  log: UssdLog;
  /** Called once a hop; must cost next to nothing. */
  observe?: (event: HopEvent) => void;
  observeEnd?: (event: EndEvent) => void;
}

/** What an address of ours answers. */
export interface UssdAnswer {
  status: 200 | 400;
  contentType: string;
  body: string;
}

export interface UssdHandlers {
  /** One hop. 400 for a form that is not of the gateway's shape; else 200, whatever happens. */
  handleHop(form: Readonly<Record<string, string>>): Promise<UssdAnswer>;
  /** The gateway's notification that a session is over. */
  handleEnd(form: Readonly<Record<string, string>>): Promise<UssdAnswer>;
}

const PLAIN = 'text/plain; charset=utf-8';
const MALFORMED: UssdAnswer = { status: 400, contentType: PLAIN, body: 'malformed request' };
const NOTED: UssdAnswer = { status: 200, contentType: PLAIN, body: 'ok' };

const SHORTEST_KEY = 16;

/** Binds a gateway's wire to the menu. The handlers never throw. */
export function makeUssdHandlers(deps: UssdDeps, gateway: UssdGateway): UssdHandlers {
  if (deps.key.length < SHORTEST_KEY) throw new Error(`the key of the USSD sessions needs ${SHORTEST_KEY} characters`);
  const turnDeps: TurnDeps = {
    ...{ clock: deps.clock, store: deps.store, menus: deps.menus, domain: deps.domain, actions: ACTIONS },
    billers: new Map(deps.billers.all().map((biller) => [biller.id, biller])),
    ...{ seal: makeSealer(deps.key), sealing: deps.sealing },
    defaultLanguage: deps.defaultLanguage,
    ...{ hopTimeoutMs: deps.hopTimeoutMs, lookupTimeoutMs: deps.lookupTimeoutMs },
    ...{ log: deps.log, observe: deps.observe, observeEnd: deps.observeEnd },
  };
  return {
    async handleHop(form) {
      const hop = gateway.parseHop(form);
      if (!hop) return MALFORMED;
      const { contentType, body } = gateway.renderReply(await takeTurn(turnDeps, hop));
      return { status: 200, contentType, body };
    },
    async handleEnd(form) {
      const end = gateway.parseSessionEnd(form);
      if (!end) return MALFORMED;
      await endSession(turnDeps, end);
      return NOTED;
    },
  };
}

/** `POST /ussd/<gateway>/:key` and `.../ended`. The guard answers for the key and the networks that may call. */
export function addUssdRoutes(router: Router, deps: UssdDeps, gateway: UssdGateway, guard: CallbackGuard): void {
  const handlers = makeUssdHandlers(deps, gateway);
  const add = (path: string, handle: UssdHandlers['handleHop']): void => {
    router.post(path, async (ctx) => {
      guard(ctx, ctx.params.key);
      const { fields } = await readForm(ctx, { lineBreaks: true });
      const { status, contentType, body } = await handle(fields);
      ctx.status = status;
      ctx.set('content-type', contentType);
      ctx.body = body;
    });
  };
  add(`/ussd/${gateway.name}/:key`, handlers.handleHop);
  add(`/ussd/${gateway.name}/:key/ended`, handlers.handleEnd);
}
