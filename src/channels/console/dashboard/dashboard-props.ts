import type { refreshHours } from '../../../domain/reports/index.ts';
import type { Desk, Visit } from '../visit.ts';
import type { DashboardFigures } from './figures.ts';
import type { DashboardFilters } from './period.ts';

/** What the page and its tables are made of. */
export interface DashboardProps {
  desk: Desk;
  visit: Visit;
  filters: DashboardFilters;
  figures: DashboardFigures;
  progress: Awaited<ReturnType<typeof refreshHours>>;
}

export function percentOf(language: string, share: number): string {
  return new Intl.NumberFormat(language, { style: 'percent', maximumFractionDigits: 1 }).format(share);
}
