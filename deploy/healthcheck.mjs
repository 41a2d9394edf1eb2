// The container's health check: whether the role of this container answers at its own port. Exits with 0 or 1.
const { ROLE = 'all', PORT = '8080', WORKER_PORT = '8080', SIMULATOR_PORT = '8081' } = process.env;

const live = (port) => `http://127.0.0.1:${port}/health/live`;
const addresses = { simulator: `http://127.0.0.1:${SIMULATOR_PORT}/handset`, worker: live(WORKER_PORT) };

try {
  const answer = await fetch(addresses[ROLE] ?? live(PORT), { signal: AbortSignal.timeout(2_500) });
  process.exit(answer.ok ? 0 : 1);
} catch {
  process.exit(1);
}
