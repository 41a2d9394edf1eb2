import type { Runtime } from '../../kernel/index.ts';
import type { HttpPort } from '../../platform/http/index.ts';
import type { SimulatorConfig, SimulatorLog, Timers } from '../basis/index.ts';
import type { PartyFaults } from '../faults/index.ts';
import type { HandsetDesk } from '../handset/index.ts';
import type { Journal } from '../journal/index.ts';

export interface OperatorDeps {
  runtime: Runtime;
  timers: Timers;
  http: HttpPort;
  log: SimulatorLog;
  config: SimulatorConfig;
  faults: PartyFaults;
  journal: () => Journal;
  desk: HandsetDesk;
}
