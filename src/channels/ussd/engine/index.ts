export { type DialRecord, parseDial } from './dial-record.ts';
export { endSession } from './end-session.ts';
export type { SessionSealing } from './kept-text.ts';
export { dialledInputs, latestTurnKeyOf, makeSealer, newInput, notePrefix, type Sealer, turnKeyOf } from './prefix.ts';
export { decodeState, encodeState, freshState, type SessionState } from './session-state.ts';
export { decodeAnswer, encodeAnswer, show } from './show.ts';
export { type Step, step } from './step.ts';
export { takeTurn } from './take-turn.ts';
export type { EndEvent, HopEvent, TurnDeps, UssdLog } from './turn-deps.ts';
