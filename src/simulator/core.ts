import type { Runtime } from '../kernel/index.ts';
import type { HttpPort } from '../platform/http/index.ts';
import {
  makeTimers,
  problemReply,
  type SimulatorAnswer,
  type SimulatorConfig,
  type SimulatorLog,
  type SimulatorRequest,
} from './basis/index.ts';
import { type Billers, makeBillers } from './billers/index.ts';
import { makeControl } from './control/index.ts';
import { type FaultDesk, makeFaultDesk } from './faults/index.ts';
import { type HandsetDesk, HandsetSetting, makeHandsetDesk } from './handset/index.ts';
import { type HandsetLine, makeHandsetLine } from './handset-line/index.ts';
import { type BookRecord, type Journal, memoryJournal } from './journal/index.ts';
import { type Mailboxes, makeMailboxes } from './mail/index.ts';
import { makeOperator, type Operator } from './operator/index.ts';
import { makeSmsParty, type SmsParty } from './sms/index.ts';
import { makeUssdNetwork, type UssdNetwork } from './ussd/index.ts';
import { makeWebhookReceiver, type WebhookReceiver } from './webhooks/index.ts';

export interface SimulatorDeps {
  runtime: Runtime;
  /** For callbacks, delivery reports and the handset's dialling. */
  http: HttpPort;
  log: SimulatorLog;
  config: SimulatorConfig;
}

/**
 * All parties, without any transport: a request goes in as an object, an answer comes out, callbacks leave through the
 * `HttpPort`, and time is the runtime's. The same core stands behind sockets and in a simulation in memory.
 */
export interface SimulatorCore {
  /** Any path of the simulator but the page's own files and its stream of events. */
  handle(request: SimulatorRequest): Promise<SimulatorAnswer>;
  readonly operator: Operator;
  readonly sms: SmsParty;
  readonly billers: Billers;
  readonly webhooks: WebhookReceiver;
  readonly mailboxes: Mailboxes;
  readonly ussd: UssdNetwork;
  readonly desk: HandsetDesk;
  readonly faults: FaultDesk;
  readonly handsetLine: HandsetLine;
  /** Forgets books, wallets, messages, settings and faults; the registered paybill addresses stay. */
  reset(): Promise<void>;
  /** Gives one line of earlier books back. Before `openBooks`. */
  restore(record: BookRecord): void;
  /** From now on what happens is kept in this journal; prompts that were waiting ring again. */
  openBooks(journal: Journal): void;
  stop(): Promise<void>;
}

/** Below `/billers`: where a biller is told of its payments. */
const WEBHOOKS_PATH = /^\/([a-z][a-z0-9-]*)\/webhooks$/;

export function makeSimulatorCore(deps: SimulatorDeps): SimulatorCore {
  const { runtime, http, log, config } = deps;
  const timers = makeTimers(runtime.clock);
  const faults = makeFaultDesk(runtime.chance);
  const desk = makeHandsetDesk();
  let journal: Journal = memoryJournal;
  const common = { runtime, http, log, config, timers, desk, journal: () => journal };
  const operator = makeOperator({ ...common, faults: faults.of('daraja') });
  const sms = makeSmsParty({ ...common, faults: faults.of('sms') });
  const billers = makeBillers({ ...common, faults: faults.of('biller') });
  const webhooks = makeWebhookReceiver({ ...common, faults: faults.of('webhooks') });
  const mailboxes = makeMailboxes();
  const ussd = makeUssdNetwork(common);
  const parties = { operator, sms, billers, webhooks, mailboxes, ussd, desk, faults };
  const reset = async () => {
    timers.cancelAll();
    for (const part of [operator, sms, billers, webhooks, mailboxes]) part.reset();
    ussd.clear();
    desk.clear();
    faults.clear();
    const addresses = operator.paybill.addresses();
    await journal.restart(addresses ? [addresses] : []);
    desk.emitToAll({ type: 'reset' });
  };
  const handsetLine = makeHandsetLine({ ...common, operator, sms, ussd });
  const control = makeControl({ ...common, ...parties, reset });
  return {
    ...parties,
    handsetLine,
    reset,
    handle(request) {
      const [, mount = ''] = request.path.split('/', 2);
      const below = { ...request, path: request.path.slice(mount.length + 1) };
      switch (mount) {
        case 'daraja':
          return operator.handle(below);
        case 'africastalking':
          return sms.handle(below);
        case 'billers': {
          const [, receiver] = WEBHOOKS_PATH.exec(below.path) ?? [];
          return receiver === undefined ? billers.handle(below) : webhooks.handle(below, receiver);
        }
        case 'control':
          return control.handle(below);
        case 'handset':
          return handsetLine.handle(below);
        default:
          return Promise.resolve(problemReply(404, 'There is nothing here'));
      }
    },
    restore(record) {
      if (record.book === 'handset') {
        const setting = HandsetSetting.safeParse(record.setting);
        desk.setSetting(record.msisdn, setting.success ? setting.data : undefined);
      }
      for (const part of [operator, sms, billers]) part.restore(record);
    },
    openBooks(opened) {
      journal = opened;
      operator.resume();
    },
    async stop() {
      timers.cancelAll();
      await journal.close();
    },
  };
}
