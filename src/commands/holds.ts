import { PaymentSchema, releaseHold } from '../domain/payments/index.ts';
import { formatDecimal, maskMsisdn, Refusal, systemRuntime } from '../kernel/index.ts';
import { makeLog } from '../platform/log/index.ts';
import { readConfig } from '../wiring/read-config.ts';
import { openService } from '../wiring/service.ts';

// `npm run holds -- list` and `npm run holds -- release REFERENCE YOUR-NAME`: payments that the rules held.
const [command = 'list', reference, staff] = process.argv.slice(2);
const service = await openService(systemRuntime, readConfig(), makeLog('warn'));
try {
  if (command === 'list') await list();
  else if (command === 'release' && reference && staff) await release(reference, staff);
  else usage();
} finally {
  await service.close();
}

async function list(): Promise<void> {
  const held = await service.deps.database.reader.find(PaymentSchema, { where: { state: 'held' }, take: 200 });
  for (const payment of held) {
    const amount = `${payment.currency} ${formatDecimal({ ...payment })}`;
    const who = `${maskMsisdn(payment.dialler ?? '')} asks ${maskMsisdn(payment.payer ?? '')}`;
    const at = new Date(payment.createdAtMs).toISOString();
    process.stdout.write(
      `${payment.reference}  ${at}  ${amount}  ${payment.billerId} ${payment.account}  ${who}  ${payment.reason}\n`,
    );
  }
  process.stdout.write(`${held.length} held\n`);
}

async function release(held: string, by: string): Promise<void> {
  try {
    await releaseHold(service.deps, { reference: held, staff: by });
    process.stdout.write(`${held} is released: the payer will be asked.\n`);
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    process.stderr.write(`${held} is not held (any more). Nothing was changed.\n`);
    process.exitCode = 1;
  }
}

function usage(): void {
  process.stderr.write('Usage: npm run holds -- list | release REFERENCE YOUR-NAME\n');
  process.exitCode = 2;
}
