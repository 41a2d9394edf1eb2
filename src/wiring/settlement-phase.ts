import type { NightPhase } from '../domain/reconciliation/index.ts';
import { drawUpSettlements, tieOutFloats } from '../domain/settlement/index.ts';
import type { Service } from './service.ts';

/** The part of the night that comes after the matching: what is known by then is settled. */
export function settlementPhase({ deps }: Pick<Service, 'deps'>): NightPhase {
  return {
    name: 'settlement',
    async run(context) {
      // First, since the pages of the day show it.
      await tieOutFloats(deps, context);
      await drawUpSettlements(deps, context);
    },
  };
}
