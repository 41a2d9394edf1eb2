/** How a value that a refusal carries is shown; its widest form is the menu's widest of that kind. */
export type DetailKind = 'money' | 'date' | 'count' | { widest: string };

/** What the proof of a menu must know of an action; the code that runs is bound elsewhere. */
export interface ActionSpec {
  readonly name: string;
  /** Variables that must have been set on every way to the action. */
  readonly reads: readonly string[];
  /** Variables that it looks at when they are set. */
  readonly mayRead?: readonly string[];
  /** Constants that the menu gives it under `with`. */
  readonly params?: readonly string[];
  /** Whether it takes what was just typed on a secret screen: then nothing else may lead to it. */
  readonly secret?: true;
  /** Moves money: only a confirmation may lead to it. */
  readonly confirmed?: true;
  /** Outcome -> variables that it sets. Every outcome must be bound by the menu. */
  readonly outcomes: Readonly<Record<string, readonly string[]>>;
  /** Codes that it may throw as a `Refusal` -> details that the text `refusals.<code>` may use. */
  readonly refusals?: Readonly<Record<string, Readonly<Record<string, DetailKind>>>>;
}

export type ActionSpecs = Readonly<Record<string, ActionSpec>>;
