// Loaded into each measured server before its own code (node --expose-gc --import): tells the run over IPC what the
// process has used. Plain JavaScript, so that nothing else is loaded with it.
process.on('message', async (question) => {
  if (question === 'memory') {
    for (let round = 0; round < 3; round += 1) {
      globalThis.gc?.();
      await new Promise((resolve) => setTimeout(resolve, 200));
    }
  }
  const { user, system } = process.cpuUsage();
  const { rss, heapUsed } = process.memoryUsage();
  process.send({ cpuMicros: user + system, rss, heapUsed });
});
// The server lives by its own listeners, and ends with the run.
process.on('disconnect', () => process.exit(0));
process.channel?.unref();
