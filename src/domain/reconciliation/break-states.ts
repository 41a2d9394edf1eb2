import { transitionTable } from '../../kernel/index.ts';
import type { BreakState } from './break.ts';

/** proposed -> open: the second person does not agree. resolved -> open: the evidence that had ended it is gone again. */
export const breakStates = transitionTable<BreakState>('break', ['open'], {
  open: ['proposed', 'resolved'],
  proposed: ['resolved', 'open'],
  resolved: ['open'],
});
