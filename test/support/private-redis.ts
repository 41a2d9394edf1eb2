import { Redis } from 'ioredis';
import type { PrivateServer } from './private-mariadb.ts';
import { findProgram, freePort, privateFolder, startProgram, waitUntil } from './private-program.ts';

/** How many separate databases the server has. */
export const REDIS_DATABASES = 1_000;

/** A server of our own on a free port, or undefined when Redis is not installed. `cluster`: one node that owns every slot. */
export async function startRedis(options?: { cluster?: boolean; port?: number }): Promise<PrivateServer | undefined> {
  const command = findProgram('redis-server', 'valkey-server');
  if (!command) return undefined;
  const folder = await privateFolder();
  const port = options?.port ?? (await freePort());
  const settings = {
    port,
    bind: '127.0.0.1',
    dir: folder,
    save: '',
    appendonly: 'no',
    'enable-debug-command': 'local',
  };
  const mode = options?.cluster
    ? { 'cluster-enabled': 'yes', 'cluster-announce-ip': '127.0.0.1' }
    : { databases: REDIS_DATABASES };
  const args = Object.entries({ ...settings, ...mode }).flatMap(([name, value]) => [`--${name}`, String(value)]);
  const program = startProgram(folder, command, args);
  const client = new Redis(port, '127.0.0.1', { lazyConnect: true, retryStrategy: () => null });
  client.on('error', () => {});
  await waitUntil('Redis', 10_000, async () => {
    await client.connect();
    await client.ping();
  });
  if (options?.cluster) {
    await client.call('CLUSTER', 'ADDSLOTSRANGE', '0', '16383');
    await waitUntil('the Redis cluster', 10_000, async () => {
      if (!String(await client.call('CLUSTER', 'INFO')).includes('cluster_state:ok')) throw new Error('not yet');
    });
  }
  client.disconnect();
  return { url: `redis://127.0.0.1:${port}`, stop: program.stop };
}
