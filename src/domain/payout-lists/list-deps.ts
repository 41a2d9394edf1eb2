import type { Runtime } from '../../kernel/index.ts';
import type { Database } from '../../platform/database/index.ts';
import type { Log } from '../../platform/log/index.ts';
import type { ListWords } from './list-words.ts';

export interface PayoutListDeps {
  runtime: Runtime;
  database: Database;
  log: Log;
  listWords: ListWords;
}
