import { InvariantError, invariant } from './invariant.ts';

export interface TransitionTable<S extends string> {
  readonly name: string;
  readonly initial: readonly S[];
  readonly next: Readonly<Record<S, readonly S[]>>;
  allows(from: S, to: S): boolean;
  /** Throws on a transition that the table does not list. */
  assert(from: S, to: S): void;
  isFinal(state: S): boolean;
}

/** Declares the states of a thing. A state that cannot be reached, or is not declared, fails at load. */
export function transitionTable<S extends string>(
  name: string,
  initial: readonly S[],
  next: Readonly<Record<S, readonly S[]>>,
): TransitionTable<S> {
  const reached = new Set<S>(initial);
  for (const state of reached) {
    invariant(next[state] !== undefined, `${name}: state ${state} is not declared`);
    for (const to of next[state]) reached.add(to);
  }
  for (const state of Object.keys(next)) invariant(reached.has(state as S), `${name}: ${state} cannot be reached`);
  return {
    name,
    initial,
    next,
    allows: (from, to) => next[from].includes(to),
    assert(from, to) {
      if (!next[from].includes(to)) throw new InvariantError(`${name}: ${from} -> ${to} is not allowed`);
    },
    isFinal: (state) => next[state].length === 0,
  };
}
