import { createHash } from 'node:crypto';
import { schema } from '../../../ormconfig.ts';
import type { PinHasher } from '../../../src/domain/customers/index.ts';
import type { FileWriter } from '../../../src/domain/settlement/index.ts';
import { sleep } from '../../../src/kernel/index.ts';
import type { Config } from '../../../src/platform/config/index.ts';
import { makeContentArchive } from '../../../src/platform/content-archive/index.ts';
import { type Database, openDatabase } from '../../../src/platform/database/index.ts';
import type { HttpPort } from '../../../src/platform/http/index.ts';
import { makeLog } from '../../../src/platform/log/index.ts';
import { makeMetrics } from '../../../src/platform/metrics/index.ts';
import { memorySessions } from '../../../src/platform/sessions/index.ts';
import { makeHttpSms } from '../../../src/providers/sms/africastalking/index.ts';
import { openService, type Service } from '../../../src/wiring/service.ts';
import { buildWeb } from '../../../src/wiring/web.ts';
import { buildWorker } from '../../../src/wiring/worker.ts';
import type { Draw } from './draw.ts';
import { injector } from './inject.ts';
import type { Life } from './life.ts';
import { type DiskMood, lifeDatabase } from './life-database.ts';
import { lifeSessions } from './life-sessions.ts';
import type { Door } from './network.ts';
import type { SharedParts } from './shared-parts.ts';
import { virtualTimetable } from './timetable.ts';
import type { Trace } from './trace.ts';

/** Spoils a service that was just assembled: a bug that was planted on purpose. */
export type Plant = (service: Service, life: Life, draw: Draw) => void;

export interface ProcessDeps {
  shared: SharedParts;
  config: Config;
  trace: Trace;
  draw: Draw;
  disk(): DiskMood;
  http: HttpPort;
  onLogLine(line: string): void;
  /** No timer fires before this work has ended. */
  hold(work: Promise<unknown>): void;
  plant: Plant | undefined;
}

export interface RunningProcess {
  service: Service;
  door: Door;
}

export function openStore(life: Life, config: Config): Promise<Database> {
  return openDatabase(life.runtime, config.stores, schema);
}

/** Starts the whole service, web and worker, as `main.ts` does; never resolves when it is killed meanwhile. */
export async function startProcess(deps: ProcessDeps, life: Life, store: Database): Promise<RunningProcess> {
  const { shared, config, trace, draw, http } = deps;
  const { runtime } = life;
  const log = makeLog('debug', {
    write(line) {
      if (life.isAlive()) deps.onLogLine(line);
    },
  });
  const { username, apiKey, smsUrl = '' } = config.africasTalking;
  const service = await openService(runtime, config, log, {
    database: lifeDatabase(life, store, draw, deps.disk, trace),
    sessions: lifeSessions(life, memorySessions(runtime, config.ussd), draw),
    http,
    sms: makeHttpSms({ http, clock: runtime.clock, log, config: { username, apiKey, smsUrl, timeoutMs: 20_000 } }),
    pins: quickPins(life),
    metrics: makeMetrics(),
    texts: shared.texts,
    billers: shared.billers,
    writeFiles: (own) => heldWriter(own, deps.hold),
  });
  deps.plant?.(service, life, draw);
  const { worker, scheduler } = buildWorker(service, virtualTimetable(runtime.clock));
  worker.start();
  scheduler.start();
  // They do nothing any more, but what waits on an abort signal would be kept in memory for ever.
  life.onEnd(() => {
    void worker.stop();
    void scheduler.stop(0);
  });
  void registerPaybill(service);
  const menu = shared.menus.current();
  await makeContentArchive(runtime, service.deps.database).save(menu.hash, menu.content);
  const { app } = await buildWeb(service, { library: shared.menus, stop() {} });
  return { service, door: { life, inject: injector(app) } };
}

/** Hashes that take a moment and no thread. */
function quickPins(life: Life): PinHasher {
  const hash = async (pin: string) => {
    await life.sleep(40);
    return createHash('sha256').update(`simulated ${pin}`).digest('hex');
  };
  return { hash, verify: async (stored, pin) => stored === (await hash(pin)) };
}

/** Real files, for which time stands still: their lines are gathered first, as reading the books takes its time. */
function heldWriter(own: FileWriter, hold: ProcessDeps['hold']): FileWriter {
  return async (names, { csv, pdf }) => {
    const lines: unknown[] = [];
    for await (const line of csv) lines.push(line);
    const work = own(names, { csv: lines, pdf });
    hold(work.catch(() => undefined));
    await work;
  };
}

async function registerPaybill({ deps }: Service): Promise<void> {
  for (const operator of deps.operators.values()) {
    while ((await operator.registerPaybill()).kind !== 'accepted') await sleep(deps.runtime.clock, 2_000);
  }
}
