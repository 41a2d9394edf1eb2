import type { Usage } from './processes.ts';
import { type Bench, drive } from './rounds.ts';

export interface MemoryResult {
  dialogs: number;
  /** After a fifth of the dialogs, and after all; garbage collected before each. */
  early: Usage;
  end: Usage;
}

const SLICES = 20;

/** Whole dialogs from dialling to the confirmation, and what they leave behind in Malipo's process. */
export async function measureMemory(bench: Bench, dialogs: number): Promise<MemoryResult> {
  const { malipo } = bench.contestants;
  const count = Math.ceil(dialogs / SLICES);
  let early: Usage | undefined;
  for (let slice = 1; slice <= SLICES; slice += 1) {
    await drive(bench, malipo, { sessions: { dialog: 'pay', count } });
    // Sessions live ten minutes: without this Redis would hold all of them.
    await bench.flush();
    if (slice === SLICES / 5) early = await malipo.usage(true);
  }
  const end = await malipo.usage(true);
  return { dialogs: count * SLICES, early: early ?? end, end };
}
