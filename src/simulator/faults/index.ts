export { type Callback, type CallbackDeps, sendCallback } from './callbacks.ts';
export { type FaultDesk, makeFaultDesk, type PartyFaults } from './fault-desk.ts';
export { FaultPlan, type Party } from './fault-plan.ts';
export { type Fractions, seededFractions } from './seeded-fractions.ts';
export { type FaultyParty, type Served, serveWithFaults } from './with-faults.ts';
