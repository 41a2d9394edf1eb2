import { type Runtime, sleep } from './kernel/index.ts';
import type { Config } from './platform/config/index.ts';
import { makeHttpPort } from './platform/http/index.ts';
import type { Log } from './platform/log/index.ts';
import { type RunningSimulator, startSimulator } from './simulator/index.ts';
import { DEMO_WEBHOOK_SECRET, registerDemoEndpoints } from './wiring/demo-webhooks.ts';
import { openService, type Service } from './wiring/service.ts';
import { startHealth, startWeb } from './wiring/web.ts';
import { buildWebhookSender, buildWorker } from './wiring/worker.ts';

/** A role that runs. */
export interface Running {
  /** What the person who started it should know: where to go. */
  greeting: string[];
  /** The ports that it listens on, as they were given. */
  ports: { web?: number; simulator?: number };
  /** Finishes what is in hand, then closes everything. */
  stop(): Promise<void>;
}

/** Starts one role in this process; rejects when something that it needs is missing or out of reach. */
export async function startRole(runtime: Runtime, config: Config, log: Log): Promise<Running> {
  if (config.role === 'simulator') return startSimulatorAlone(runtime, config, log);
  const service = await openService(runtime, config, log);
  const parts: Part[] = [];
  const running: Running = {
    greeting: [],
    ports: {},
    async stop() {
      // The door first, then the hands, then whom they talk to, then the stores.
      for (const part of parts.reverse()) await part.stop();
      await service.close();
    },
  };
  try {
    // The simulator first: a dial that comes at once finds its biller.
    if (config.role === 'all' && config.simulators) {
      const simulator = await startSimulatorPart(runtime, config, log);
      parts.push(simulator);
      running.ports.simulator = simulator.port;
      running.greeting.push(...simulatorGreeting(config, simulator.port));
    }
    if (config.role !== 'web') {
      parts.push(startWork(service));
      if (config.role === 'worker') running.greeting.push('Worker    running');
    }
    const web = await startDoor(service);
    if (web) {
      parts.push(web);
      running.ports.web = web.port;
      const base = address(config.web.host, web.port);
      running.greeting.unshift(
        `${web.name.padEnd(9)} ${base}`,
        ...(config.role === 'worker' ? [] : [`Pay page  ${base}/pay`]),
      );
    }
    return running;
  } catch (error) {
    await running.stop();
    throw error;
  }
}

interface Part {
  stop(): Promise<void>;
}

/** The gateway; for a worker its health and metrics alone, if it was given a port. */
async function startDoor(service: Service): Promise<(Part & { port: number; name: string }) | undefined> {
  const { role, worker } = service.config;
  if (role !== 'worker') return { ...(await startWeb(service)), name: 'Gateway' };
  if (worker.port === undefined) return undefined;
  return { ...(await startHealth(service, worker.port)), name: 'Health' };
}

function startWork(service: Service): Part {
  const { worker, scheduler } = buildWorker(service);
  const stopping = new AbortController();
  worker.start();
  scheduler.start();
  const webhooks = buildWebhookSender(service);
  webhooks.start();
  const registering = service.config.simulators
    ? Promise.all([registerPaybill(service, stopping.signal), registerDemoEndpoints(service)])
    : Promise.resolve();
  return {
    async stop() {
      stopping.abort();
      await Promise.all([worker.stop(), webhooks.stop(), scheduler.stop(service.config.web.stopWithinMs), registering]);
    },
  };
}

const REGISTER_AGAIN_MS = 2_000;

/** The simulated operator learns where paybill payments are announced. (Going live does it once: `npm run daraja:register`.) */
async function registerPaybill({ deps, log }: Service, signal: AbortSignal): Promise<void> {
  for (const operator of deps.operators.values()) {
    while (!signal.aborted) {
      const answer = await operator.registerPaybill();
      if (answer.kind === 'accepted') break;
      log.debug({ operator: operator.name, reason: answer.description }, 'the paybill is not registered yet');
      await sleep(deps.runtime.clock, REGISTER_AGAIN_MS, signal);
    }
  }
}

async function startSimulatorAlone(runtime: Runtime, config: Config, log: Log): Promise<Running> {
  const simulator = await startSimulatorPart(runtime, config, log);
  return {
    greeting: simulatorGreeting(config, simulator.port),
    ports: { simulator: simulator.port },
    stop: () => simulator.stop(),
  };
}

async function startSimulatorPart(runtime: Runtime, config: Config, log: Log): Promise<RunningSimulator> {
  const http = makeHttpPort(runtime, { socketsPerHost: 256 });
  const simulator = await startSimulator({
    runtime,
    log,
    http,
    config: {
      host: config.web.host,
      port: config.simulator.port,
      dataDir: config.stores.dataDir,
      gatewayUrl: config.web.publicUrl,
      africastalkingKey: config.callbacks.africasTalkingKeys[0],
      serviceCode: config.business.serviceCode,
      webhookSecret: DEMO_WEBHOOK_SECRET,
      ...(config.simulator.smtpPort === undefined ? {} : { smtpPort: config.simulator.smtpPort }),
      currency: config.business.currency,
      operator: {
        shortCode: config.daraja.shortCode || '174379',
        ...(config.daraja.payouts ? { payoutShortCode: config.daraja.payouts.shortCode } : {}),
      },
    },
  }).catch((error: Error) => {
    throw new Error(`the simulator (SIMULATOR_PORT ${config.simulator.port}): ${error.message}`, { cause: error });
  });
  return {
    ...simulator,
    async stop() {
      await simulator.stop();
      http.close();
    },
  };
}

function simulatorGreeting({ web, business }: Config, port: number): string[] {
  const base = address(web.host, port);
  return [`Simulator ${base}`, `Handset   ${base}/handset  (dial ${business.serviceCode})`];
}

function address(host: string, port: number): string {
  return `http://${host.includes(':') ? `[${host}]` : host}:${port}`;
}
