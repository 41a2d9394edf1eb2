import type { SharedTokens } from '../../src/platform/shared-token/shared-token.ts';

/** The smallest store of shared tokens: one refresh at a time, kept until forgotten. */
export function memoryTokens(): SharedTokens {
  const kept = new Map<string, Promise<string>>();
  return {
    get(name, refresh) {
      const known = kept.get(name);
      if (known) return known;
      const made = refresh().then(({ token }) => token);
      kept.set(name, made);
      made.catch(() => kept.delete(name));
      return made;
    },
    async forget(name, token) {
      if ((await kept.get(name)) === token) kept.delete(name);
    },
  };
}
