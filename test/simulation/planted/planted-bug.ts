import type { Tx } from '../../../src/platform/database/index.ts';
import type { CollectionOperator } from '../../../src/providers/operators/index.ts';
import type { Service } from '../../../src/wiring/service.ts';
import type { WorldPlan } from '../world/plan.ts';
import type { Plant } from '../world/process.ts';

/** A bug that is put into an assembled service on purpose, to see that the simulation finds it. */
export interface PlantedBug {
  name: string;
  /** What was done wrong, in a sentence. */
  fault: string;
  plant: Plant;
  environment?: Readonly<Record<string, string>>;
  /** The worlds in which it can show; all when left out. */
  showsIn?(plan: WorldPlan): boolean;
}

/** Replaces the operator's adapter. */
export function spoilOperator(
  { deps }: Service,
  spoil: (operator: CollectionOperator) => Partial<CollectionOperator>,
): void {
  deps.operators = new Map([...deps.operators].map(([name, one]) => [name, { ...one, ...spoil(one) }]));
}

/** Replaces what a transaction does; the outbox and the inbox write through it too. */
export function spoilTransactions({ deps }: Service, spoil: (tx: Tx) => Partial<Tx>): void {
  const { database } = deps;
  const { transaction } = database;
  database.transaction = (work) => transaction((tx) => work({ ...tx, ...spoil(tx) }));
}
