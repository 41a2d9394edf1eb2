import { schema } from '../../ormconfig.ts';
import { systemRuntime } from '../kernel/index.ts';
import { openDatabase } from '../platform/database/index.ts';

// `npm run migrate`: brings the schema of DATABASE_URL (or of the embedded store) up to date. Safe to run again.
const { DATABASE_URL, DATA_DIR } = process.env;
const database = await openDatabase(
  systemRuntime,
  { databaseUrl: DATABASE_URL || undefined, dataDir: DATA_DIR || 'var' },
  schema,
);
await database.migrate();
await database.close();
process.stdout.write('The schema is up to date.\n');
