import { join } from 'node:path';
import type { Runtime } from '../kernel/index.ts';
import type { HttpPort } from '../platform/http/index.ts';
import { DEFAULT_SIMULATOR_CONFIG, type SimulatorConfig, type SimulatorLog } from './basis/index.ts';
import { makeSimulatorCore, type SimulatorCore } from './core.ts';
import { openFileJournal } from './journal/index.ts';
import { startSmtpInbox } from './mail/index.ts';
import { startServer } from './server/index.ts';

export interface StartSimulatorDeps {
  runtime: Runtime;
  log: SimulatorLog;
  http: HttpPort;
  /** What is left out is as in `DEFAULT_SIMULATOR_CONFIG`. */
  config: Partial<SimulatorConfig> & {
    host: string;
    /** 0 takes a free one. */
    port: number;
    /** Where its mail server listens; 0 takes a free port, without it there is none. */
    smtpPort?: number;
    /** The books are kept in `simulator/books.jsonl` below it; without it in memory only. */
    dataDir?: string;
  };
}

export interface RunningSimulator {
  port: number;
  /** Of its mail server; undefined: there is none. */
  smtpPort: number | undefined;
  core: SimulatorCore;
  /** Closes the sockets first, so that nothing moves any more, then the books. */
  stop(): Promise<void>;
}

/** Starts the simulator as a server of its own or inside the service, on the books of its last life. */
export async function startSimulator(deps: StartSimulatorDeps): Promise<RunningSimulator> {
  const { runtime, log, http, config } = deps;
  const core = makeSimulatorCore({ runtime, log, http, config: { ...DEFAULT_SIMULATOR_CONFIG, ...config } });
  if (config.dataDir !== undefined) {
    const path = join(config.dataDir, 'simulator', 'books.jsonl');
    core.openBooks(await openFileJournal(path, log, core.restore));
  }
  const server = await startServer({ core, log, runtime }, { host: config.host, port: config.port }).catch(
    async (error: unknown) => {
      await core.stop();
      throw error;
    },
  );
  const inbox = await startInbox(deps, core).catch(async (error: unknown) => {
    await server.stop();
    await core.stop();
    throw error;
  });
  return {
    port: server.port,
    smtpPort: inbox?.port,
    core,
    async stop() {
      await inbox?.stop();
      await server.stop();
      await core.stop();
    },
  };
}

async function startInbox({ runtime, log, config }: StartSimulatorDeps, { faults, mailboxes }: SimulatorCore) {
  const { host, smtpPort } = config;
  if (smtpPort === undefined) return undefined;
  return startSmtpInbox({ runtime, log, mailboxes, faults: faults.of('mail') }, { host, port: smtpPort }).catch(
    (error: Error) => {
      throw new Error(`its mail server (SIMULATOR_SMTP_PORT ${smtpPort}): ${error.message}`, { cause: error });
    },
  );
}
