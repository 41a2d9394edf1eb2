import http from 'node:http';
import mysql from 'mysql2/promise';

/*
 * What nobody who pays people can do without: a request to the operator for each, the result that comes back, and so many commits a
 * row. No rules, no states, no books. A process of its own, as the worker is; it ends when every result has come.
 */
const [databaseUrl = '', simulatorUrl = '', portText = '', countText = '', commitsText = ''] = process.argv.slice(2);
const [port, count, commitsPerRow] = [Number(portText), Number(countText), Number(commitsText)];
const AT_ONCE = 64;
const CONNECTIONS = 10;

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
await pool.query('CREATE TABLE IF NOT EXISTS bare_row (id BIGINT AUTO_INCREMENT PRIMARY KEY, row_no INT, said TEXT)');
let commits = 0;

/** As many commits as are due by now, one statement each. */
async function commitFor(rows: number, row: number, said: string): Promise<void> {
  while (commits < rows * commitsPerRow) {
    commits += 1;
    const connection = await pool.getConnection();
    try {
      await connection.query('START TRANSACTION');
      await connection.query('INSERT INTO bare_row (row_no, said) VALUES (?, ?)', [row, said]);
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
const seconds = (performance.now() - startedMs) / 1_000;
const { user, system } = process.cpuUsage(before);
agent.destroy();
await pool.end();
process.send?.({ rowsPerSecond: count / seconds, cpuMicros: (user + system) / count }, () => process.disconnect?.());
