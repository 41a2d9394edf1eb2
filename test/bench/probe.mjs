// Loaded into each measured server before its own code (node --expose-gc --import): tells the run over IPC what the
// process has used. Plain JavaScript, so that nothing else is loaded with it.
import { Session } from 'node:inspector/promises';

const SAMPLE_MICROS = 100;
let profiler;

const answers = {
  async usage() {
    const { user, system } = process.cpuUsage();
    const { rss, heapUsed } = process.memoryUsage();
    return { cpuMicros: user + system, rss, heapUsed };
  },
  /** The same once garbage is collected. */
  async memory() {
    for (let round = 0; round < 3; round += 1) {
      globalThis.gc?.();
      await new Promise((resolve) => setTimeout(resolve, 200));
    }
    return answers.usage();
  },
  async startProfile() {
    profiler = new Session();
    profiler.connect();
    await profiler.post('Profiler.enable');
    await profiler.post('Profiler.setSamplingInterval', { interval: SAMPLE_MICROS });
    await profiler.post('Profiler.start');
    return {};
  },
  /** What V8's profiler has seen, as a .cpuprofile. */
  async stopProfile() {
    const { profile } = await profiler.post('Profiler.stop');
    profiler.disconnect();
    return profile;
  },
};

process.on('message', async (question) => process.send(await answers[question]()));
// The server lives by its own listeners, and ends with the run.
process.on('disconnect', () => process.exit(0));
process.channel?.unref();
