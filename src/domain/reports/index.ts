export { eachFigure, type FigureRow } from './each-figure.ts';
export {
  type FigureFilters,
  funnel,
  type HourOfState,
  type MessageCost,
  MOST_DAYS,
  messageCosts,
  paymentsByHour,
  paymentsByParty,
  type ReceiptWaits,
  receiptWaits,
  type ScreenOfFunnel,
  type ShareOfPayments,
  type Sum,
  successRate,
} from './figures.ts';
export { type FloatFigures, floatFigures, type PromiseKind } from './float-figures.ts';
export { gatherHours, rebuildHours, refreshHours } from './gather-hours.ts';
export { type ReportDeps, readCost } from './hour-facts.ts';
export {
  HourMessagesSchema,
  HourMovementsSchema,
  HourPaymentsSchema,
  HourScreensSchema,
  HourWaitsSchema,
  ReportProgressSchema,
} from './hours.ts';
