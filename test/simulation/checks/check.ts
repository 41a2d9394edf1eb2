import type { Facts } from './facts.ts';

/** Something that does not hold, and the ids, references and numbers by which its story is found in the trace. */
export interface Finding {
  text: string;
  about: readonly (string | null | undefined)[];
}

export interface Check {
  name: string;
  /** The promise, in a sentence. */
  promise: string;
  look(facts: Facts): Finding[];
}
