import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ROOT } from '../processes.ts';
import { microsByArea, tableOf } from '../profile.ts';
import type { CostReader } from './costs.ts';
import type { Deployment } from './deployment.ts';
import { walkDialogs } from './people.ts';
import { untilReceipts } from './sustained.ts';

const PAYMENTS = 300;

/** Where the time of a payment goes, in web process and worker, at full speed; leaves V8's profiles in var/bench. */
export async function profilePayments(
  { webUrl, web, worker }: Deployment,
  { sql }: CostReader,
  people: number,
  first: number,
): Promise<string> {
  const startedMs = Date.now();
  await Promise.all([web.startProfile(), worker.startProfile()]);
  const { confirmed } = await walkDialogs(webUrl, { people, dialogs: PAYMENTS, first });
  await untilReceipts(sql, startedMs, confirmed);
  const profiles = await Promise.all([web.stopProfile(), worker.stopProfile()]);
  const folder = join(ROOT, 'var/bench');
  await mkdir(folder, { recursive: true });
  for (const [index, name] of ['scale-web', 'scale-worker'].entries()) {
    await writeFile(join(folder, `${name}.cpuprofile`), JSON.stringify(profiles[index]));
  }
  const columns = profiles.map((profile) => microsByArea(profile, confirmed));
  return tableOf('Microseconds of a payment by what ran (sampled)', ['web', 'worker'], columns);
}
