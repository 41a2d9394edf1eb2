import { In } from 'typeorm';
import type { Database } from '../../platform/database/index.ts';
import {
  type ReconAdjustment,
  ReconAdjustmentSchema,
  type ReconDay,
  ReconDaySchema,
  type ReconTotal,
  ReconTotalSchema,
} from './recon-day.ts';

/** One party's day as it counts now, with its sums, and what signed days brought into it afterwards. */
export interface DayView {
  day: ReconDay;
  totals: ReconTotal[];
  adjustments: ReconAdjustment[];
}

/** The versions of a calendar day that count: the open one or the signed one of every party, in the order of their names. */
export async function currentDays({ database }: { database: Database }, day: string): Promise<DayView[]> {
  const { reader } = database;
  const days = await reader.find(ReconDaySchema, {
    where: { day, state: In(['open', 'signed']) },
    order: { side: 'ASC', party: 'ASC' },
  });
  if (days.length === 0) return [];
  const totals = await reader.findBy(ReconTotalSchema, { reconDayId: In(days.map(({ id }) => id)) });
  const adjustments = await reader.findBy(ReconAdjustmentSchema, { intoDay: day });
  return days.map((one) => ({
    day: one,
    totals: totals.filter(({ reconDayId }) => reconDayId === one.id),
    adjustments: adjustments.filter(({ side, party }) => side === one.side && party === one.party),
  }));
}
