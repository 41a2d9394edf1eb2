import { gatherHours, rebuildHours } from '../domain/reports/index.ts';
import { dayWindow, isDay, systemRuntime } from '../kernel/index.ts';
import { makeLog } from '../platform/log/index.ts';
import { readConfig } from '../wiring/read-config.ts';
import { openService } from '../wiring/service.ts';

// `npm run reports -- gather`: brings the figures of the dashboard up to date, as the worker does every 20 minutes.
// `npm run reports -- rebuild 2026-11-01`: has every hour from that day on counted anew, beside the running service.
const [command = '', day = ''] = process.argv.slice(2);
if (command === 'gather') await run();
else if (command === 'rebuild' && isDay(day)) await run(day);
else {
  process.stderr.write('Usage: npm run reports -- gather | rebuild DAY (2026-11-01)\n');
  process.exitCode = 2;
}

async function run(since?: string): Promise<void> {
  const config = readConfig();
  const service = await openService(systemRuntime, config, makeLog('warn'));
  try {
    const { timeZone } = config.business;
    const deps = { ...service.deps, timeZone };
    if (since) await rebuildHours(deps, dayWindow(since, timeZone).fromMs);
    await gatherHours(deps);
    process.stdout.write(since ? `Every hour since ${since} was counted anew.\n` : 'The figures are up to date.\n');
  } finally {
    await service.close();
  }
}
