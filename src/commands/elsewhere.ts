import { importElsewhere } from '../domain/elsewhere/index.ts';
import { Refusal, systemRuntime } from '../kernel/index.ts';
import { makeLog } from '../platform/log/index.ts';
import { readConfig } from '../wiring/read-config.ts';
import { openService } from '../wiring/service.ts';

// `npm run elsewhere -- import FILE --biller maji-water`: payments that a utility took without us, from a CSV.
const [command, path, flag, billerId] = process.argv.slice(2);
if (command === 'import' && path && flag === '--biller' && billerId) await importFile(path, billerId);
else {
  process.stderr.write('Usage: npm run elsewhere -- import FILE --biller BILLER\n');
  process.exitCode = 2;
}

async function importFile(file: string, biller: string): Promise<void> {
  const service = await openService(systemRuntime, readConfig(), makeLog('warn'));
  try {
    const onProgress = (lines: number) => {
      if (process.stderr.isTTY) process.stderr.write(`\r${lines} lines`);
    };
    const report = await importElsewhere(service.deps, { billerId: biller, path: file, onProgress });
    if (process.stderr.isTTY) process.stderr.write('\r');
    for (const { line, reason } of report.shownFaults) process.stderr.write(`${file}:${line}: ${reason}\n`);
    const unseen = report.faults - report.shownFaults.length;
    if (unseen > 0) process.stderr.write(`and ${unseen} more\n`);
    process.stdout.write(
      `${report.recorded} recorded, ${report.repeated} known before, ${report.faults} with faults\n`,
    );
    if (report.faults > 0) process.exitCode = 1;
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    process.stderr.write(`${file}: ${why(error)} Nothing more of it was recorded.\n`);
    process.exitCode = 1;
  } finally {
    await service.close();
  }
}

function why({ code, details }: Refusal): string {
  switch (code) {
    case 'biller.unknown':
      return `no biller is called ${details.biller}.`;
    case 'elsewhere.file-known':
      return `this file was recorded before, as ${details.fileName}, on ${(details.at as Date).toISOString()}.`;
    case 'elsewhere.file-columns':
      return `its first line lacks ${details.lacking}.`;
    case 'elsewhere.file-too-long':
      return `it has more than ${details.most} lines.`;
    default:
      return `it cannot be read (${details.why}, line ${details.line}).`;
  }
}
