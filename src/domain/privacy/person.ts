import type { Msisdn } from '../../kernel/index.ts';
import type { Database } from '../../platform/database/index.ts';
import type { Sealing } from '../../platform/sealing/index.ts';

export interface PersonDeps {
  database: Database;
  sealing: Sealing;
}

/** Whose file it is. */
export interface Person {
  msisdn: Msisdn;
  /** Of the customer; undefined for a number that never chose anything. */
  customerId: string | undefined;
}
