const FORBIDDEN = ['setTimeout', 'setInterval'] as const;

/**
 * Runs a world in which a real timer or a real die is a bug: whoever reaches for one is told so, by name. What only
 * measures (`Date.now` in the log's time stamps) is let be; it decides nothing.
 */
export async function withoutRealTime<T>(world: () => Promise<T>): Promise<T> {
  const real = { setTimeout: globalThis.setTimeout, setInterval: globalThis.setInterval, random: Math.random };
  const forbid = (name: string) => () => {
    throw new Error(`${name} was called in a simulated world`);
  };
  for (const name of FORBIDDEN) Object.assign(globalThis, { [name]: forbid(name) });
  Math.random = forbid('Math.random');
  try {
    return await world();
  } finally {
    const { random, ...timers } = real;
    Object.assign(globalThis, timers);
    Math.random = random;
  }
}
