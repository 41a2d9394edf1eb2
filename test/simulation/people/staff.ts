import { PaymentSchema, releaseHold } from '../../../src/domain/payments/index.ts';
import { Refusal } from '../../../src/kernel/index.ts';
import type { Service } from '../../../src/wiring/service.ts';
import type { Draw } from '../world/draw.ts';
import type { Life } from '../world/life.ts';
import type { Trace } from '../world/trace.ts';
import type { VirtualTime } from '../world/virtual-time.ts';

/** Somebody looks at what is held every few minutes and releases about half of it; the rest expires. */
export function staff(
  { time, draw, trace }: { time: VirtualTime; draw: Draw; trace: Trace },
  running: () => { service: Service; life: Life } | undefined,
): void {
  const look = () => {
    const now = running();
    if (now) now.life.reach(() => void review(now.service, draw, trace));
    time.after(draw.int(60_000, 400_000), look);
  };
  time.after(draw.int(60_000, 400_000), look);
}

async function review({ deps }: Service, draw: Draw, trace: Trace): Promise<void> {
  const held = await deps.database.reader.find(PaymentSchema, { where: { state: 'held' }, order: { id: 'ASC' } });
  for (const { reference } of held) {
    if (!draw.hits(0.5)) continue;
    try {
      await releaseHold(deps, { reference, staff: 'simulation' });
      trace.note(`staff releases ${reference}`);
      trace.count('holds released');
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
    }
  }
}
