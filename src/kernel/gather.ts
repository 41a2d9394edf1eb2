/**
 * Does by few calls what is asked for one by one: who asks while a call is under way waits for the next, with all the others who came
 * meanwhile. `perform` is given at most `most` items and answers for each, in their order; what it throws is everybody's.
 */
export function gather<T, R>(
  perform: (items: readonly T[]) => Promise<readonly PromiseSettledResult<R>[]>,
  most: number,
): (item: T) => Promise<R> {
  const waiting: { item: T; resolve(result: R): void; reject(error: unknown): void }[] = [];
  let isUnderWay = false;

  async function run(): Promise<void> {
    isUnderWay = true;
    // Whoever asks in the same step of the program goes along.
    await Promise.resolve();
    while (waiting.length > 0) {
      const together = waiting.splice(0, most);
      try {
        const results = await perform(together.map(({ item }) => item));
        together.forEach(({ resolve, reject }, place) => {
          const result = results[place];
          if (result?.status === 'fulfilled') resolve(result.value);
          else reject(result ? result.reason : new Error('no answer for one of those that were gathered'));
        });
      } catch (error) {
        for (const { reject } of together) reject(error);
      }
    }
    isUnderWay = false;
  }

  return (item) =>
    new Promise((resolve, reject) => {
      waiting.push({ item, resolve, reject });
      if (!isUnderWay) void run();
    });
}
