import { closeStores } from './stores.ts';

/** Mocha calls it once, after the last test of the run. */
export async function mochaGlobalTeardown(): Promise<void> {
  await closeStores();
}
