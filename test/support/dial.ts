import { expect } from 'chai';
import type { Handset, SimulatorControl } from './service-control.ts';
import { eventually } from './service-eventually.ts';

export type Pattern = string | RegExp;

/** An answer of the menu under way: await it for the screen, or say what it must show. */
export type Hop = Promise<string> & {
  /** The session goes on, and the screen shows all of these. */
  sees(...what: Pattern[]): Promise<string>;
  /** The session ends, and the screen shows all of these. */
  ends(...what: Pattern[]): Promise<string>;
};

/** A customer with a phone: what he dials, what he sees, and which messages he gets. */
export interface Phone {
  readonly msisdn: string;
  /** Code of his network at the USSD gateway. */
  network: string;
  readonly sessionId: string;
  /** All inputs of the session as the gateway joins them. */
  readonly text: string;
  /** Begins a session. What follows the service code goes into the text, as the gateway does. */
  dial(code?: string): Hop;
  /** Answers the screen. */
  choose(input: string): Hop;
  /** The last request once more, byte for byte. */
  again(): Hop;
  /** A request of this session with the inputs as given. */
  raw(text: string): Hop;
  /** The gateway tells that the session is over. */
  hangUp(status?: 'Success' | 'Incomplete' | 'Failed'): Promise<void>;
  /** Dials straight to the confirmation and confirms; the payment's reference. */
  pays(bill: { biller: 1 | 2; account: string; amount: number }): Promise<string>;
  /** How the handset answers payment prompts from now on. */
  handset(handset: Handset): Promise<void>;
  /** Waits for a message that fits all of these. */
  gets(...what: Pattern[]): Promise<string>;
  messages(): Promise<string[]>;
}

export interface Line {
  /** The gateway's own address, without a slash at the end. */
  gateway: string;
  key: string;
  control: SimulatorControl;
}

const SERVICE_CODE = '*384*123';
const SAFARICOM = '63902';
export const REFERENCE = /\bM[2-9A-HJ-NP-Z]{9}\b/;

let numbers = 0;
let sessions = 0;
let accounts = 0;

/** A number that no test of this run has used before. */
export function newNumber(): string {
  numbers += 1;
  return `+2547${String(10_000_000 + ((process.pid * 1_000 + numbers) % 9_000_000))}`;
}

/** A water account, or a meter, that no test of this run has used before. */
export function newAccount(biller: 1 | 2 = 2): string {
  accounts += 1;
  const digits = String((process.pid % 1_000) * 10_000 + accounts).padStart(7, '0');
  return biller === 1 ? `0423${digits}` : `20${digits}`;
}

function newSession(): string {
  sessions += 1;
  return `ATUid_${process.pid}_${sessions}`;
}

export function makePhone(line: Line, msisdn = newNumber()): Phone {
  let sessionId = newSession();
  let text = '';
  const address = `${line.gateway}/ussd/africastalking/${line.key}`;
  const form = (inputs: string) => ({
    sessionId,
    phoneNumber: msisdn,
    networkCode: phone.network,
    serviceCode: `${SERVICE_CODE}#`,
    text: inputs,
  });
  const post = async (inputs: string): Promise<string> => {
    const answer = await fetch(address, { method: 'POST', body: new URLSearchParams(form(inputs)) });
    const body = await answer.text();
    expect(answer.status, body).to.equal(200);
    expect(body).to.match(/^(CON|END) /);
    return body;
  };
  const phone: Phone = {
    msisdn,
    network: SAFARICOM,
    get sessionId() {
      return sessionId;
    },
    get text() {
      return text;
    },
    dial(code = `${SERVICE_CODE}#`) {
      sessionId = newSession();
      text = code.slice(SERVICE_CODE.length).replace(/^\*/, '').replace(/#$/, '');
      return hop(post(text));
    },
    choose(input) {
      text = text === '' ? input || '*' : `${text}*${input}`;
      return hop(post(text));
    },
    again: () => hop(post(text)),
    raw: (inputs) => hop(post(inputs)),
    async hangUp(status = 'Incomplete') {
      const notice = { ...form(text), status, date: '2026-11-20 09:00:00', cost: 'KES 0.10', durationInMillis: '9000' };
      const answer = await fetch(`${address}/ended`, { method: 'POST', body: new URLSearchParams(notice) });
      expect(answer.status).to.equal(200);
    },
    async pays({ biller, account, amount }) {
      await phone.dial(`${SERVICE_CODE}*1*${biller}*${account}*${amount}#`).sees('1 ');
      return referenceIn(await phone.choose('1').ends(REFERENCE));
    },
    handset: (handset) => line.control.handset(msisdn, handset),
    gets: (...what) =>
      eventually(`${msisdn} gets ${what.join(' and ')}`, async () => {
        const texts = await phone.messages();
        const found = texts.find((one) => what.every((part) => fits(one, part)));
        if (found === undefined) throw new Error(`only got ${JSON.stringify(texts)}`);
        return found;
      }),
    messages: async () => (await line.control.messages(msisdn)).map((message) => message.text),
  };
  return phone;
}

/** Our reference of a payment, on a screen or in a message. */
export function referenceIn(words: string): string {
  const reference = REFERENCE.exec(words)?.[0];
  expect(reference, `a reference in: ${words}`).to.be.a('string');
  return reference as string;
}

function hop(answer: Promise<string>): Hop {
  const must = async (start: string, what: Pattern[]) => {
    const screen = await answer;
    expect(screen.slice(0, 4), screen).to.equal(start);
    for (const part of what) expect(fits(screen, part), `"${part}" on the screen:\n${screen}`).to.equal(true);
    return screen;
  };
  return Object.assign(answer, {
    sees: (...what: Pattern[]) => must('CON ', what),
    ends: (...what: Pattern[]) => must('END ', what),
  });
}

const fits = (words: string, part: Pattern): boolean =>
  typeof part === 'string' ? words.includes(part) : part.test(words);
