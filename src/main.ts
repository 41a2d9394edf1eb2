import { systemRuntime } from './kernel/index.ts';
import { makeLog } from './platform/log/index.ts';
import { readConfigToListen } from './wiring/read-config.ts';
import { type Running, startRole } from './wiring.ts';

const config = await readConfigToListen();
const log = makeLog(config.logLevel);

let running: Running | undefined;
let stopping = false;

async function stop(signal: string): Promise<void> {
  if (stopping) return;
  stopping = true;
  log.info({ signal }, 'stopping: finishing what is in hand');
  await running?.stop();
  process.exit(0);
}

process.on('SIGTERM', () => void stop('SIGTERM'));
process.on('SIGINT', () => void stop('SIGINT'));
// A bug that nobody caught: what it left half-done is unknown, so the process ends and is started again. Told by the log, which
// masks; node's own last words would show the error as it is.
for (const kind of ['unhandledRejection', 'uncaughtException'] as const) {
  process.on(kind, (error: unknown) => {
    log.fatal({ err: error }, kind === 'unhandledRejection' ? 'unhandled rejection' : 'uncaught exception');
    process.exit(1);
  });
}

try {
  running = await startRole(systemRuntime, config, log);
  process.stdout.write(`${running.greeting.join('\n')}\n`);
} catch (error) {
  log.debug({ err: error }, 'start failed');
  process.stderr.write(`Malipo did not start: ${error instanceof Error ? error.message : 'unknown error'}\n`);
  process.exit(1);
}
