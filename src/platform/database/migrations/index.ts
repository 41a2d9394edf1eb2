import { FirstTables1763800000000 } from './1763800000000-first-tables.ts';

/** In the order in which they run. */
export const migrations = [FirstTables1763800000000];
