import http from 'node:http';
import { groupThousands, maskHolder } from './dialogs.ts';

export interface Bill {
  holder: string;
  due: string;
}

/** Asks the simulated biller over kept connections, as plainly as it can be done. */
export function makeLookup(baseUrl: string): (account: string) => Promise<Bill> {
  const agent = new http.Agent({ keepAlive: true, maxSockets: 64 });
  const headers = { authorization: 'Bearer bench', accept: 'application/json' };
  return (account) =>
    new Promise((resolve, reject) => {
      const req = http.get(`${baseUrl}/accounts/${encodeURIComponent(account)}`, { agent, headers }, (res) => {
        let body = '';
        res.setEncoding('utf8');
        res.on('data', (chunk: string) => {
          body += chunk;
        });
        res.on('end', () => {
          const { holderName, due } = JSON.parse(body) as { holderName: string; due: string };
          resolve({ holder: maskHolder(holderName), due: groupThousands(due) });
        });
      });
      req.on('error', reject);
    });
}
