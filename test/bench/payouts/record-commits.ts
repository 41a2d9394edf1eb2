import type { Connection } from 'mysql2/promise';

/** Statements that write, of one transaction each, in the order in which they were committed. */
export type Commits = readonly (readonly string[])[];

/** Where the tables are as they were before: whoever makes the commits again makes them here. */
export const COPY = 'bare';

/** Copies every table with what it holds. */
export async function copyTables(sql: Connection): Promise<void> {
  const [tables] = await sql.query(
    "SELECT table_name AS name FROM information_schema.tables WHERE table_schema = DATABASE() AND table_type = 'BASE TABLE'",
  );
  await sql.query(`CREATE DATABASE ${COPY} CHARACTER SET utf8mb4 COLLATE utf8mb4_bin`);
  for (const { name } of tables as { name: string }[]) {
    await sql.query(`CREATE TABLE ${COPY}.\`${name}\` LIKE \`${name}\``);
    await sql.query(`INSERT INTO ${COPY}.\`${name}\` SELECT * FROM \`${name}\``);
  }
}

/** What the server was told to write, by anybody, until `stop`. */
export async function recordCommits(sql: Connection): Promise<{ stop(): Promise<Commits> }> {
  await sql.query("SET GLOBAL log_output = 'TABLE'");
  await sql.query('TRUNCATE mysql.general_log');
  await sql.query('SET GLOBAL general_log = 1');
  return {
    async stop() {
      await sql.query('SET GLOBAL general_log = 0');
      const [rows] = await sql.query(
        "SELECT thread_id AS thread, CONVERT(argument USING utf8mb4) AS said FROM mysql.general_log WHERE command_type = 'Query'",
      );
      await sql.query('TRUNCATE mysql.general_log');
      return commitsOf(rows as { thread: unknown; said: string }[]);
    },
  };
}

function commitsOf(said: readonly { thread: unknown; said: string }[]): Commits {
  const open = new Map<string, string[]>();
  const commits: string[][] = [];
  for (const { thread, said: statement } of said) {
    const key = String(thread);
    if (/^START TRANSACTION/i.test(statement)) open.set(key, []);
    else if (/^(INSERT|UPDATE|DELETE)\b/i.test(statement)) open.get(key)?.push(statement);
    else if (/^(COMMIT|ROLLBACK)/i.test(statement)) {
      const written = open.get(key) ?? [];
      if (/^COMMIT/i.test(statement) && written.length > 0) commits.push(written);
      open.delete(key);
    }
  }
  return commits;
}

/** Tables to which every payout adds. */
const GROWING = ['transfer', 'transfer_event', 'ledger_entry', 'payout_row_event', 'inbox_event', 'outbox'];

/** How the copy differs from what the service has written; empty when the same was written. */
export async function differencesOf(sql: Connection, batchId: string): Promise<string[]> {
  const countOf = async (query: string, values: string[] = []) => {
    const [[found]] = (await sql.query(query, values)) as unknown as [[{ n: unknown }]];
    return Number(found.n);
  };
  const paid = "payout_row WHERE batch_id = ? AND state = 'paid'";
  const [here, there] = [
    await countOf(`SELECT COUNT(*) AS n FROM ${paid}`, [batchId]),
    await countOf(`SELECT COUNT(*) AS n FROM ${COPY}.${paid}`, [batchId]),
  ];
  const differences = here === there ? [] : [`${there} rows of ${here} are paid in the copy`];
  for (const name of GROWING) {
    const [own, copied] = [
      await countOf(`SELECT COUNT(*) AS n FROM ${name}`),
      await countOf(`SELECT COUNT(*) AS n FROM ${COPY}.${name}`),
    ];
    if (own !== copied) differences.push(`${copied} rows of ${own} are in the copy of ${name}`);
  }
  return differences;
}
