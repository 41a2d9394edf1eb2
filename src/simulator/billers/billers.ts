import type { Runtime } from '../../kernel/index.ts';
import {
  problemReply,
  type SimulatorAnswer,
  type SimulatorConfig,
  type SimulatorLog,
  type SimulatorRequest,
  segmentsAfter,
  type Timers,
} from '../basis/index.ts';
import { type FaultyParty, type PartyFaults, serveWithFaults } from '../faults/index.ts';
import type { BookRecord, Journal } from '../journal/index.ts';
import { type Biller, makeBiller } from './biller.ts';
import { BILLER_PROFILES } from './biller-accounts.ts';
import type { Posting } from './biller-books.ts';

export interface BillersDeps {
  runtime: Runtime;
  timers: Timers;
  log: SimulatorLog;
  config: SimulatorConfig;
  faults: PartyFaults;
  journal: () => Journal;
}

/** All fake utilities. Paths are `/<biller>/<the biller's own path>`. */
export interface Billers {
  handle(request: SimulatorRequest): Promise<SimulatorAnswer>;
  /** In the order of booking. */
  postings(): Posting[];
  /** A biller's system loses a booking. False when it has none of that reference. */
  lose(input: { biller: string; reference: string }): Promise<boolean>;
  /** False when there is no such biller. */
  setDueDate(input: { biller: string; account: string; dueDate: string }): Promise<boolean>;
  restore(record: BookRecord): void;
  reset(): void;
}

export function makeBillers(deps: BillersDeps): Billers {
  const { runtime, config, journal } = deps;
  const billers = new Map<string, Biller>();
  for (const profile of BILLER_PROFILES) {
    const key = config.billerKeys?.[profile.id];
    billers.set(
      profile.id,
      makeBiller({ runtime, profile, key, journal, faults: deps.faults, currency: config.currency }),
    );
  }
  const party: FaultyParty = {
    faults: deps.faults,
    timers: deps.timers,
    log: deps.log,
    busyReply: () => problemReply(503, 'The billing system is busy'),
    http500Reply: () => problemReply(500, 'The billing system has failed'),
  };
  return {
    handle(request) {
      const [id = '', ...segments] = segmentsAfter(request.path, '') ?? [];
      const biller = billers.get(id);
      if (!biller) return Promise.resolve(problemReply(404, 'There is no such biller'));
      return serveWithFaults(party, async () => ({ reply: await biller.serve(request, segments) }));
    },
    postings: () => [...billers.values()].flatMap(({ books }) => books.all()).sort((one, other) => one.at - other.at),
    async lose({ biller, reference }) {
      if (!billers.get(biller)?.books.lose(reference)) return false;
      await journal().append({ book: 'lost-posting', biller, reference });
      return true;
    },
    async setDueDate({ biller, account, dueDate }) {
      const known = billers.get(biller);
      if (!known) return false;
      known.setDueDate(account, dueDate);
      await journal().append({ book: 'due-date', biller, account, dueDate });
      return true;
    },
    restore(record) {
      if (record.book === 'cancellation') billers.get(record.biller)?.books.cancel(record.reference);
      if (record.book === 'lost-posting') billers.get(record.biller)?.books.lose(record.reference);
      if (record.book === 'due-date') billers.get(record.biller)?.setDueDate(record.account, record.dueDate);
      if (record.book !== 'posting') return;
      const { book: _, ...posting } = record;
      billers.get(posting.biller)?.books.add(posting);
    },
    reset() {
      for (const biller of billers.values()) biller.reset();
    },
  };
}
