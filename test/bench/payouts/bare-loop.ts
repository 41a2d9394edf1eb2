import { readFileSync } from 'node:fs';
import http from 'node:http';
import mysql from 'mysql2/promise';

/*
 * What nobody who pays people can do without: a request to the operator for each, the result that comes back, and commits: those that the
 * service made, from a file, or of one small row each, when there is none. Nothing is read, weighed or decided. A process of its own, as the
 * worker is; it ends when every result has come and every commit is made.
 */
const [databaseUrl = '', simulatorUrl = '', portText = '', countText = '', commitsText = '', file] =
  process.argv.slice(2);
const [port, count] = [Number(portText), Number(countText)];
const AT_ONCE = 64;
/** The service's commits follow on each other: with many at once, some would come before what they change. */
const CONNECTIONS = file ? 4 : 10;

const agent = new http.Agent({ keepAlive: true, maxSockets: AT_ONCE });

function send(method: string, path: string, headers: Record<string, string>, body?: object): Promise<string> {
  return new Promise((resolve, reject) => {
    const request = http.request(new URL(`${simulatorUrl}/daraja${path}`), { agent, method, headers }, (answer) => {
      let text = '';
      answer.setEncoding('utf8');
      answer.on('data', (chunk) => {
        text += chunk;
      });
      answer.on('end', () => (answer.statusCode === 200 ? resolve(text) : reject(new Error(text))));
    });
    request.on('error', reject);
    request.end(body && JSON.stringify(body));
  });
}

const pool = mysql.createPool({ uri: databaseUrl, connectionLimit: CONNECTIONS });
pool.on('connection', (connection) => {
  connection.query('SET SESSION TRANSACTION ISOLATION LEVEL READ COMMITTED');
});
await pool.query('CREATE TABLE IF NOT EXISTS bare_row (id BIGINT AUTO_INCREMENT PRIMARY KEY, row_no INT, said TEXT)');
const recorded: string[][] | undefined = file ? JSON.parse(readFileSync(file, 'utf8')) : undefined;
const most = recorded ? recorded.length : Number.POSITIVE_INFINITY;
const commitsPerRow = recorded ? recorded.length / count : Number(commitsText);
let commits = 0;

/** As many commits as are due by now. */
async function commitFor(rows: number, row: number, said: string): Promise<void> {
  while (commits < Math.min(rows * commitsPerRow, most)) {
    const place = commits;
    commits += 1;
    const connection = await pool.getConnection();
    try {
      await connection.query('START TRANSACTION');
      if (recorded) for (const statement of recorded[place] ?? []) await connection.query(statement);
      else await connection.query('INSERT INTO bare_row (row_no, said) VALUES (?, ?)', [row, said]);
      await connection.query('COMMIT');
    } finally {
      connection.release();
    }
  }
}

let results = 0;
const allCame = new Promise<void>((resolve) => {
  const server = http.createServer((request, response) => {
    let body = '';
    request.setEncoding('utf8');
    request.on('data', (chunk) => {
      body += chunk;
    });
    request.on('end', async () => {
      JSON.parse(body);
      await commitFor((sent + results) / 2, results, body);
      response.end('{"ResultCode":0,"ResultDesc":"Accepted"}');
      results += 1;
      if (results === count) {
        server.close();
        resolve();
      }
    });
  });
  server.listen(port, '127.0.0.1');
});

const basic = Buffer.from('demo:demo').toString('base64');
const grant = await send('GET', '/oauth/v1/generate?grant_type=client_credentials', {
  authorization: `Basic ${basic}`,
});
const { access_token: token } = JSON.parse(grant);
const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
let sent = 0;
const run = Date.now();
const startedMs = performance.now();
const before = process.cpuUsage();
await Promise.all(
  Array.from({ length: AT_ONCE }, async () => {
    while (sent < count) {
      const row = sent;
      sent += 1;
      await commitFor((sent + results) / 2, row, 'requested');
      const callback = `http://127.0.0.1:${port}`;
      await send('POST', '/mpesa/b2c/v3/paymentrequest', headers, {
        ...{ OriginatorConversationID: `bare-${run}-${row}`, InitiatorName: 'bare', SecurityCredential: 'bare' },
        ...{ CommandID: 'SalaryPayment', Amount: 10, PartyA: '174379', PartyB: `2547${String(row).padStart(8, '0')}` },
        ...{ Remarks: 'bare', QueueTimeOutURL: `${callback}/timeout`, ResultURL: `${callback}/result`, Occassion: '' },
      });
    }
  }),
);
await allCame;
await commitFor(count, count, 'the last');
const seconds = (performance.now() - startedMs) / 1_000;
const { user, system } = process.cpuUsage(before);
agent.destroy();
await pool.end();
process.send?.({ rowsPerSecond: count / seconds, cpuMicros: (user + system) / count }, () => process.disconnect?.());
