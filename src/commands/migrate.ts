import { withDatabase } from './with-database.ts';

// `npm run migrate`: brings the schema of DATABASE_URL (or of the embedded store) up to date. Safe to run again.
await withDatabase(async (database) => {
  await database.migrate();
  process.stdout.write('The schema is up to date.\n');
});
