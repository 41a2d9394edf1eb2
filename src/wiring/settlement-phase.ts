import type { NightPhase } from '../domain/reconciliation/index.ts';
import { drawUpSettlements } from '../domain/settlement/index.ts';
import type { Service } from './service.ts';

/** The part of the night that comes after the matching: what is known by then is settled. */
export function settlementPhase({ deps }: Pick<Service, 'deps'>): NightPhase {
  return {
    name: 'settlement',
    async run(context) {
      await drawUpSettlements(deps, context);
    },
  };
}
