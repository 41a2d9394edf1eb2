export { type Break, BreakSchema } from './break.ts';
export { type BreakDeps, openBreak } from './open-break.ts';
