import { checkAudit } from '../domain/audit/index.ts';
import { systemRuntime } from '../kernel/index.ts';
import { makeLog } from '../platform/log/index.ts';
import { consoleDomain } from '../wiring/console.ts';
import { readConfig } from '../wiring/read-config.ts';
import { openService } from '../wiring/service.ts';

// `npm run audit:check`: reads the whole audit log; exits with 1 where its chain breaks.
const service = await openService(systemRuntime, readConfig(), makeLog('warn'));
const { stderr } = process;
try {
  const { entries, head, broken } = await checkAudit(consoleDomain(service), (count) => {
    if (stderr.isTTY) stderr.write(`\r${count} entries`);
  });
  if (stderr.isTTY) stderr.write('\r');
  process.stdout.write(`${entries} entries, head ${head}\n`);
  if (broken) {
    process.stdout.write(`BROKEN at entry ${broken.position}: ${broken.why}\n`);
    process.exitCode = 1;
  } else process.stdout.write('Whole: every entry follows from the one before.\n');
} finally {
  await service.close();
}
