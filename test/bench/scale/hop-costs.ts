import http from 'node:http';
import { type Counters, costPer, openCosts } from './costs.ts';
import type { Deployment } from './deployment.ts';
import { DIALOG, hop, personOf } from './people.ts';
import { untilReceipts } from './sustained.ts';

/** What one hop of each kind costs: the names of the dialog's hops, in order. */
export type HopCosts = readonly { hop: string; cost: Counters }[];

const NAMES = ['dialling', 'pay a bill', 'biller', 'account (lookup)', 'amount', 'confirmation'] as const;
const SESSIONS = 200;
/** One after the other: what Redis is asked at the same moment goes out in one write. */
const AT_ONCE = 1;

/**
 * Walks dialogs in step, so that what the stores and the web process did between two steps is what that hop costs. The worker
 * stands still meanwhile: its work is the payment's cost, not the hop's.
 */
export async function measureHopCosts(deployment: Deployment, first: number): Promise<HopCosts> {
  const costs = await openCosts(deployment);
  const agent = new http.Agent({ keepAlive: true, maxSockets: AT_ONCE });
  const measured: { hop: string; cost: Counters }[] = [];
  const startedMs = Date.now();
  try {
    deployment.worker.freeze();
    const people = Array.from({ length: SESSIONS }, (_, index) => personOf(first + index));
    for (const [step, name] of NAMES.entries()) {
      const before = await costs.read();
      const queue = [...people];
      const walk = async () => {
        for (let person = queue.pop(); person; person = queue.pop()) {
          const answer = await hop(agent, deployment.webUrl, person, person.texts[step] ?? '');
          const isRight = answer.startsWith(step === DIALOG.length - 1 ? 'END ' : 'CON ');
          if (!isRight) throw new Error(`${name}: ${answer.slice(0, 80)}`);
        }
      };
      await Promise.all(Array.from({ length: AT_ONCE }, walk));
      measured.push({ hop: name, cost: costPer(before, await costs.read(), SESSIONS) });
    }
  } finally {
    deployment.worker.thaw();
    agent.destroy();
  }
  await untilReceipts(costs.sql, startedMs, SESSIONS);
  await costs.close();
  return measured;
}
