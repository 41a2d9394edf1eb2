import http from 'node:http';
import { KEY } from './deployment.ts';

export interface People {
  /** Dialogs that ended in a confirmed payment. */
  confirmed: number;
  hops: number;
  /** Answers that were not what the dialog expects. */
  wrong: string[];
}

export const DIALOG = ['', '1', '2', 'account', 'amount', '1'] as const;

/** Dials, walks the menu and confirms, `people` at a time, until `untilMs` or until `dialogs` were walked. */
export async function walkDialogs(
  webUrl: string,
  { people, untilMs = Number.POSITIVE_INFINITY, dialogs = Number.POSITIVE_INFINITY, first = 0, perSecond }: WalkOptions,
): Promise<People> {
  const agent = new http.Agent({ keepAlive: true, maxSockets: people });
  const counts: People = { confirmed: 0, hops: 0, wrong: [] };
  const startedMs = Date.now();
  let next = first;
  const person = async (): Promise<void> => {
    while (Date.now() < untilMs && next - first < dialogs) {
      next += 1;
      const number = next;
      if (perSecond) await pause(startedMs + ((number - first) * 1_000) / perSecond - Date.now());
      await walkOne(agent, webUrl, number, counts);
    }
  };
  await Promise.all(Array.from({ length: people }, person));
  agent.destroy();
  return counts;
}

export interface WalkOptions {
  people: number;
  untilMs?: number;
  dialogs?: number;
  /** Begins dialogs evenly at this pace, as far as there are people; else each person dials again at once. */
  perSecond?: number;
  /** Numbers the dialogs, so that two walks are of different people. */
  first?: number;
}

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, Math.max(ms, 0)));

/** One caller and what he sends, hop by hop. */
export interface Person {
  sessionId: string;
  msisdn: string;
  texts: readonly string[];
}

export function personOf(number: number): Person {
  const msisdn = `+2547${String(10_000_000 + (number % 80_000_000)).padStart(8, '0')}`;
  const account = String(10_000_000 + number);
  const inputs = DIALOG.map((input) => (input === 'account' ? account : input === 'amount' ? '120' : input));
  const texts = inputs.map((_, index) => inputs.slice(1, index + 1).join('*'));
  return { sessionId: `scale-${number}`, msisdn, texts };
}

async function walkOne(agent: http.Agent, webUrl: string, number: number, counts: People): Promise<void> {
  const person = personOf(number);
  for (const [index, text] of person.texts.entries()) {
    const answer = await hop(agent, webUrl, person, text);
    counts.hops += 1;
    const isLast = index === person.texts.length - 1;
    if (!answer.startsWith(isLast ? 'END ' : 'CON ')) {
      counts.wrong.push(answer.slice(0, 80));
      return;
    }
    if (isLast) counts.confirmed += 1;
  }
}

export function hop(
  agent: http.Agent,
  webUrl: string,
  { sessionId, msisdn: phoneNumber }: Person,
  text: string,
): Promise<string> {
  const fields = { sessionId, phoneNumber, networkCode: '63902', serviceCode: '*384*123#', text };
  const body = new URLSearchParams(fields).toString();
  const headers = { 'content-type': 'application/x-www-form-urlencoded', 'content-length': Buffer.byteLength(body) };
  return new Promise((resolve) => {
    const request = http.request(
      `${webUrl}/ussd/africastalking/${KEY}`,
      { method: 'POST', agent, headers },
      (response) => {
        let answer = '';
        response.setEncoding('utf8');
        response.on('data', (part: string) => {
          answer += part;
        });
        response.on('end', () => resolve(answer));
      },
    );
    request.on('error', (error) => resolve(`fault ${error.message}`));
    request.end(body);
  });
}
