import type { Plant } from '../world/process.ts';

/** A bug that is put into an assembled service on purpose, to see that the simulation finds it. */
export interface PlantedBug {
  name: string;
  /** What was done wrong, in a sentence. */
  fault: string;
  plant: Plant;
  environment?: Readonly<Record<string, string>>;
}

export const PLANTED_BUGS: readonly PlantedBug[] = [];

export function plantedBug(name: string): PlantedBug {
  const bug = PLANTED_BUGS.find((one) => one.name === name);
  if (!bug) throw new Error(`no planted bug is called ${name}`);
  return bug;
}
