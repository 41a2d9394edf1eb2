import { createServer } from 'node:net';

type Variables = Record<string, string | undefined>;

const BY_ROLE: Readonly<Record<string, readonly string[]>> = {
  all: ['PORT', 'SIMULATOR_PORT'],
  web: ['PORT'],
  worker: [],
  simulator: ['SIMULATOR_PORT'],
};

/**
 * Port 0 means any that is free. The addresses that operators, billers and customers are given are made of the number, before anything
 * listens: so it is drawn first, and written into the variables as if it had been configured.
 */
export async function drawPorts(variables: Variables): Promise<void> {
  const names = (BY_ROLE[variables.ROLE || 'all'] ?? []).filter((name) => /^0+$/.test(variables[name] ?? ''));
  // All are held until each is drawn, so that none is drawn twice.
  const held = await Promise.all(names.map(() => holdPort()));
  for (const [index, { port, release }] of held.entries()) {
    await release();
    variables[names[index] ?? ''] = String(port);
  }
}

function holdPort(): Promise<{ port: number; release(): Promise<void> }> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, () => {
      const address = server.address();
      const port = typeof address === 'object' && address ? address.port : 0;
      resolve({ port, release: () => new Promise((released) => server.close(() => released())) });
    });
  });
}
