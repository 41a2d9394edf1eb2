import type { Runtime } from '../../kernel/index.ts';
import type { Database } from '../../platform/database/index.ts';
import type { Log } from '../../platform/log/index.ts';

export interface StatementDeps {
  runtime: Runtime;
  database: Database;
  log: Log;
}
