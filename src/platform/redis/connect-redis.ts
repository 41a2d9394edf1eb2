import { Cluster, Redis } from 'ioredis';
import { systemClock, withDeadline } from '../../kernel/index.ts';
import type { Log } from '../log/index.ts';
import { gatherWrites } from './gather-writes.ts';

export type RedisClient = Redis | Cluster;

/** A command that gets no answer for this long fails, and its connection is made anew. */
const SILENCE_MS = 1_000;
const CONNECT_TIMEOUT_MS = 3_000;
const LONGEST_PAUSE_MS = 1_000;
const START_TIMEOUT_MS = 10_000;

const retryStrategy = (attempt: number) => Math.min(50 * attempt, LONGEST_PAUSE_MS);

const connection = {
  lazyConnect: true,
  autoResendUnfulfilledCommands: false,
  maxRetriesPerRequest: 0,
  // One timer a connection; ioredis's commandTimeout sets one a command, which costs a hop about two microseconds.
  socketTimeout: SILENCE_MS,
  connectTimeout: CONNECT_TIMEOUT_MS,
  keepAlive: 10_000,
};

// A hop that waits for a store that is away is worth nothing: it fails at once, and the connection comes back by itself.
const single = { ...connection, enableOfflineQueue: false, retryStrategy };

/**
 * Connects to one Redis (`redis://user:password@host:6379/0`, `rediss://` for TLS) or, given several addresses
 * joined by commas, to the cluster that they belong to. Rejects when nothing answers at first; from then on it reconnects by itself.
 */
export async function connectRedis(addresses: string, log: Log): Promise<RedisClient> {
  const urls = addresses.split(',').map((address) => new URL(address.trim()));
  const client = urls.length > 1 ? makeCluster(urls) : new Redis(addresses.trim(), single);
  gatherWrites(client);
  let inReach = true;
  client.on('error', (error: unknown) => {
    if (inReach) log.warn({ err: error }, 'Redis is out of reach');
    inReach = false;
  });
  client.on('ready', () => {
    if (!inReach) log.info('Redis is back');
    inReach = true;
  });
  try {
    // A cluster of which no node owns a slot would be asked for ever.
    await withDeadline(systemClock, START_TIMEOUT_MS, client.connect());
    await client.ping();
  } catch (cause) {
    client.disconnect();
    throw new Error(`Redis does not answer at ${urls.map((url) => url.host).join(', ')}`, { cause });
  }
  return client;
}

function makeCluster(urls: readonly URL[]): Cluster {
  const [first] = urls;
  return new Cluster(
    urls.map((url) => ({ host: url.hostname, port: Number(url.port || 6379) })),
    {
      lazyConnect: true,
      enableOfflineQueue: false,
      clusterRetryStrategy: retryStrategy,
      slotsRefreshTimeout: CONNECT_TIMEOUT_MS,
      redisOptions: {
        ...connection,
        // A node is connected to when it gets its first command, which has to wait for that: but not for long.
        commandTimeout: SILENCE_MS,
        ...(first?.username ? { username: decodeURIComponent(first.username) } : {}),
        ...(first?.password ? { password: decodeURIComponent(first.password) } : {}),
        ...(first?.protocol === 'rediss:' ? { tls: {} } : {}),
      },
    },
  );
}
