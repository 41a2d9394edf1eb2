import type { Runtime } from '../../kernel/index.ts';
import type { PartyFaults } from '../faults/index.ts';
import type { Journal } from '../journal/index.ts';
import type { BillerProfile } from './biller-accounts.ts';

export interface BillerDeps {
  runtime: Runtime;
  currency: string;
  profile: BillerProfile;
  /** Undefined: any bearer key is taken. */
  key: string | undefined;
  journal: () => Journal;
  faults: Pick<PartyFaults, 'drawTokenDelayMs'>;
}
