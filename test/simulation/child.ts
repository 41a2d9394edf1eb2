import type { Reply, Task } from './pool.ts';
import { runSeed } from './run-seed.ts';
import { openSharedParts } from './world/shared-parts.ts';

/** Runs the seeds that the parent process sends, one after another. */
const shared = await openSharedParts();
const reply = (message: Reply) => void process.send?.(message);

process.on('message', (message) => {
  const { seed, bug } = message as Task;
  runSeed(seed, shared, bug).then(
    (result) => reply({ result }),
    (error: unknown) => reply({ error: error instanceof Error ? (error.stack ?? error.message) : String(error) }),
  );
});
for (const end of ['disconnect', 'SIGTERM', 'SIGINT'] as const) {
  process.on(end, () => {
    shared.close();
    process.exit(0);
  });
}
reply({ ready: true });
