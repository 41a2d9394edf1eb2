/** A part of the night that another folder brings: wiring puts it before or after the matching. */
export interface NightPhase {
  /** As people read it while it runs: `settlement`. */
  name: string;
  /** Must be repeatable: a night that died runs it again, and a night may be run again by hand. */
  run(context: NightContext): Promise<void>;
}

export interface NightContext {
  /** The business day, `2026-11-20`, in the business's time zone. */
  day: string;
  /** Aborted when the process stops or another took over: `signal.throwIfAborted()` between pieces of work. */
  signal: AbortSignal;
  /** How far it is; `total` undefined when nobody knows. */
  report(done: number, total?: number): void;
}
