import type { Connection } from 'mysql2/promise';
import { type StaffBrowser, signIn } from '../../support/console-client.ts';
import type { CostReader } from './costs.ts';
import type { Deployment } from './deployment.ts';
import { filledPayment } from './fill-tables.ts';

/** One way to look for something in the console. */
export interface SearchCost {
  what: string;
  /** Milliseconds from asking for the first page to having it whole, redirects among them. */
  p50Ms: number;
  p95Ms: number;
  /** Of the page, uncompressed. */
  bytes: number;
  /** How MariaDB reads each table: `payment_dialler (ref, 3 rows)`. */
  plan: string[];
  /** Statements that read a big table from end to end. */
  scans: string[];
}

type Filled = ReturnType<typeof filledPayment>;

const found = (text: string) => `/console/search?q=${encodeURIComponent(text)}`;
const day = (atMs: number) => new Date(atMs).toISOString().slice(0, 10);
const YEAR_MS = 365 * 86_400_000;

const WAYS: Readonly<Record<string, (payment: Filled, nowMs: number) => string>> = {
  'a phone': ({ phone }) => found(phone),
  'our receipt': ({ reference }) => found(reference),
  "the operator's receipt": ({ receipt }) => found(receipt),
  'a pasted SMS': ({ reference, receipt, account }) =>
    found(`Maji Water: paid KES 120.00 for ${account} on 20 Nov 09:41. Ref ${reference}. M-PESA ${receipt}.`),
  'an account': ({ account }) => found(account),
  'a token': ({ account }) => found(`${account}00000000000`.slice(0, 20)),
  'an amount': ({ amount }) => found(`KES ${amount}`),
  'an amount of a day': ({ amount }, nowMs) => found(`KES ${amount} ${day(nowMs - YEAR_MS)}`),
  'a day': (_, nowMs) => found(day(nowMs - YEAR_MS)),
  'a whole name': ({ name }) => found(name),
  'a first name': ({ name }) => found(name.split(' ')[0] as string),
  'an id': ({ id }) => found(id),
  'nothing that exists': () => found('0799999999 MZZZZZZZZZ ZZ99999999'),
  'list: newest': () => '/console/payments',
  'list: a state': () => '/console/payments?state=failed',
  'list: a biller, a day': (_, nowMs) =>
    `/console/payments?biller=jua-power&from=${day(nowMs - YEAR_MS)}&to=${day(nowMs - YEAR_MS)}`,
  'list: biller, state, amount': ({ amount }) => `/console/payments?biller=jua-power&state=failed&amount=${amount}`,
  'list: an operator': () => '/console/payments?operator=mpesa',
};

/** Of the golden section: steps of it reach every part of the table. */
const STEP = 0.618_033_988;

/** Looks for filled payments in every way that the console knows; the web process answers one question at a time. */
export async function measureSearch(
  { webUrl, worker }: Deployment,
  { sql }: CostReader,
  { filled, times }: { filled: number; times: number },
): Promise<SearchCost[]> {
  const browser = await signIn({ gateway: webUrl }, 'administrator');
  const nowMs = Date.now();
  const costs: SearchCost[] = [];
  let steps = 0;
  // Its own statements would stand among the plans.
  worker.freeze();
  try {
    for (const [what, pathOf] of Object.entries(WAYS)) {
      const anyPath = () => {
        steps += 1;
        return pathOf(filledPayment(1 + Math.floor(((steps * STEP) % 1) * filled)), nowMs);
      };
      await open(browser, anyPath());
      const took: number[] = [];
      let bytes = 0;
      for (let time = 0; time < times; time += 1) {
        const startedMs = performance.now();
        const html = await open(browser, anyPath());
        took.push(performance.now() - startedMs);
        bytes = Math.max(bytes, Buffer.byteLength(html));
      }
      took.sort((one, other) => one - other);
      const at = (share: number) => took[Math.ceil(times * share) - 1] as number;
      const plans = await explain(sql, () => open(browser, anyPath()));
      costs.push({ what, p50Ms: at(0.5), p95Ms: at(0.95), bytes, ...plans });
    }
  } finally {
    worker.thaw();
  }
  return costs;
}

async function open(browser: StaffBrowser, path: string): Promise<string> {
  let page = await browser.get(path);
  if (page.status === 303) page = await browser.follow(page);
  if (page.status !== 200) throw new Error(`${path}: ${page.status} ${page.location}`);
  return page.html;
}

/** Tables that grow with the payments. */
const GROWING = /^(payment|transfer|ledger|message|dialog|session|note|inbox|outbox)/;

/** Asks MariaDB for the plan of every statement that a page reads by. */
async function explain(sql: Connection, work: () => Promise<unknown>): Promise<Pick<SearchCost, 'plan' | 'scans'>> {
  await sql.query("SET GLOBAL log_output = 'TABLE'");
  await sql.query('TRUNCATE TABLE mysql.general_log');
  await sql.query('SET GLOBAL general_log = ON');
  await work();
  await sql.query('SET GLOBAL general_log = OFF');
  const [logged] = await sql.query(
    "SELECT DISTINCT CONVERT(argument USING utf8mb4) AS text FROM mysql.general_log WHERE command_type IN ('Query', 'Execute')",
  );
  const plan = new Set<string>();
  const scans: string[] = [];
  for (const { text } of logged as { text: string }[]) {
    if (!/^SELECT\b(?!.*general_log)/is.test(text) || /FOR UPDATE/i.test(text)) continue;
    const [steps] = await sql.query(`EXPLAIN ${text}`);
    const names = tablesOf(text);
    for (const { table, type, key, rows } of steps as Step[]) {
      const name = names.get(table ?? '') ?? table ?? '';
      if (!GROWING.test(name)) continue;
      plan.add(`${key ?? name} (${type}, ${rows} rows)`);
      if (type === 'ALL' || type === 'index') scans.push(text.slice(0, 300));
    }
  }
  return { plan: [...plan], scans };
}

interface Step {
  table: string | null;
  type: string;
  key: string | null;
  rows: number;
}

/** A plan names tables by their aliases. */
function tablesOf(text: string): Map<string, string> {
  const pairs = [...text.matchAll(/(?:FROM|JOIN)\s+`?(\w+)`?\s+(?:AS\s+)?`?(\w+)`?/gi)];
  return new Map(pairs.map(([, table = '', alias = '']) => [alias, table]));
}
