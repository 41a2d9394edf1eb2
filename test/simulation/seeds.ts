/** Worlds that every commit runs: small and large ones, calm and bad days, some that found bugs once. */
export const FIXED_SEEDS: readonly number[] = [
  1, 2, 3, 5, 6, 7, 9, 10, 11, 14, 16, 17, 18, 20, 22, 25, 28, 30, 53, 318,
];

/** People whom organisations pay in those worlds, at the least. */
export const LEAST_PAID = 30;

export function paidIn(results: readonly { counts: Readonly<Record<string, number>> }[]): number {
  return results.reduce((sum, { counts }) => sum + (counts['payout rows paid'] ?? 0), 0);
}
