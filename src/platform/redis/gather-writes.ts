import type { Cluster, Redis } from 'ioredis';

/**
 * Sends what is asked of Redis within one turn of the event loop in one system call. Under load a turn serves several
 * requests, and a write of its own for each command was the largest part of a hop's cost: gathering them saves a sixth of it.
 * A command alone goes out as soon as the turn's requests are read. (ioredis's own auto-pipelining does it by a promise and a
 * pipeline a command, and costs as much as it saves.)
 */
export function gatherWrites(client: Redis | Cluster): void {
  if (client.isCluster) client.on('+node', gatherOf);
  else gatherOf(client as Redis);
}

function gatherOf(connection: Redis): void {
  // Each connection that is made has a stream of its own.
  connection.on('connect', () => {
    const { stream } = connection;
    const { write } = stream;
    let isGathering = false;
    const send = () => {
      isGathering = false;
      stream.uncork();
    };
    stream.write = ((...written: Parameters<typeof write>) => {
      if (!isGathering) {
        isGathering = true;
        stream.cork();
        setImmediate(send);
      }
      return write.apply(stream, written);
    }) as typeof write;
  });
}
