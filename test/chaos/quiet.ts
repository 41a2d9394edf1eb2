import { In, LessThan, Like, Not } from 'typeorm';
import { PaymentSchema } from '../../src/domain/payments/index.ts';
import type { Database } from '../../src/platform/database/index.ts';
import { OutboxRowSchema } from '../../src/platform/outbox/index.ts';

const WITHIN_MS = 240_000;
/** Later than this are only inquiries that no answer can be expected of, and holds. */
const SOON_MS = 180_000;

/** Planned for every payment, and nothing by the time they are due: on a slow machine they come into sight. */
const LATE = 'payment.late-%';

/** Waits until no work is due soon: the last inquiries, retries and receipts are done. */
export async function untilQuiet({ reader }: Database, say: (line: string) => void): Promise<void> {
  const endMs = Date.now() + WITHIN_MS;
  for (let round = 0; ; round += 1) {
    const soon = { state: 'ready' as const, topic: Not(Like(LATE)), dueAtMs: LessThan(Date.now() + SOON_MS) };
    const rows = await reader.countBy(OutboxRowSchema, soon);
    const open = await reader.countBy(PaymentSchema, { state: In(['collected']) });
    if (rows === 0 && open === 0) return;
    if (Date.now() > endMs) {
      say(`not quiet: ${rows} pieces of work due soon, ${open} payments collected and not posted`);
      return;
    }
    if (round % 20 === 0) say(`waiting until quiet: ${rows} pieces of work, ${open} payments to post`);
    await new Promise((resolve) => setTimeout(resolve, 500));
  }
}
