import { systemRuntime } from '../kernel/index.ts';
import { makeLog } from '../platform/log/index.ts';
import { readConfig } from '../wiring/read-config.ts';
import { openService } from '../wiring/service.ts';

// `npm run daraja:register`: tells the operator where paybill payments are announced. Done once, when going live.
const service = await openService(systemRuntime, readConfig(), makeLog('warn'));
try {
  for (const operator of service.deps.operators.values()) {
    const answer = await operator.registerPaybill();
    if (answer.kind === 'accepted') {
      process.stdout.write(`${operator.displayName}: registered for short code ${operator.shortCode}.\n`);
    } else {
      process.stderr.write(`${operator.displayName} did not take it: ${answer.description}\n`);
      process.exitCode = 1;
    }
  }
} finally {
  await service.close();
}
