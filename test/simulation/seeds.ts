/** Seeds that every commit runs: small and large worlds, calm and bad days. */
export const FIXED_SEEDS: readonly number[] = Array.from({ length: 20 }, (_, index) => index + 1);

/** How many of the fixed seeds' planted bugs are looked for beyond their recorded seed. */
export const MORE_REPLAYS = 25;
