import http from 'node:http';

/** What a customer saw, or that his network had no gateway to ask. */
export type Seen =
  /** A screen that takes an input. */
  | 'screen'
  /** The payment is made: it carries our reference. */
  | 'confirmed'
  /** An END that says what happened and whether money moved. */
  | 'told'
  /** No process took the connection; the gateway behind a proxy tries again. */
  | 'unreachable'
  /** Anything else: a bare error, which must never be. */
  | 'bare';

export interface Load {
  /** Counts since the last call. */
  take(): Record<Seen, number>;
  /** References that customers were shown as made. */
  readonly confirmed: Set<string>;
  /** What customers saw that no customer may see. */
  readonly bareTexts: string[];
  /** The screens without a payment that sessions ended with, and how often: digits left out. Since the last call. */
  takeTold(): Map<string, number>;
  lastConfirmedAtMs(): number;
  /** Customers end their dialog and dial no more. */
  stop(): Promise<void>;
}

/** A gateway behind a proxy tries the processes in turn. */
const MOST_TRIES = 10;
const REFERENCE = /\bM[2-9A-HJ-NP-Z]{9}\b/;
/** A gateway gives up after 10 s. */
const HOP_TIMEOUT_MS = 10_000;
/** People read before they press: this long at most. */
const LONGEST_THINK_MS = 4_000;

/** `customers` people who dial, walk the menu and pay, again and again, through whichever web process answers. */
export function startLoad(webUrls: readonly string[], customers: number): Load {
  const agent = new http.Agent({ keepAlive: true, maxSockets: customers * 2 });
  let counts = noCounts();
  let stopped = false;
  let lastConfirmedAtMs = 0;
  let told = new Map<string, number>();
  const tell = (screen: string) => {
    const words = screen.slice(4).replace(/\s+/g, ' ').replace(/\d+/g, '#');
    told.set(words, (told.get(words) ?? 0) + 1);
  };
  const load: Load = {
    confirmed: new Set(),
    bareTexts: [],
    lastConfirmedAtMs: () => lastConfirmedAtMs,
    takeTold() {
      const taken = told;
      told = new Map();
      return taken;
    },
    take() {
      const taken = counts;
      counts = noCounts();
      return taken;
    },
    async stop() {
      stopped = true;
      await Promise.all(people);
      agent.destroy();
    },
  };

  async function hop(sessionId: string, msisdn: string, text: string): Promise<string | undefined> {
    for (let attempt = 0; ; attempt += 1) {
      const url = webUrls[(attempt + sessionId.length + Number(msisdn.slice(-1))) % webUrls.length] as string;
      const answer = await post(agent, `${url}/ussd/africastalking/demo`, form(sessionId, msisdn, text));
      const seen = kindOf(answer);
      counts[seen] += 1;
      if (seen === 'bare') load.bareTexts.push(JSON.stringify(answer).slice(0, 200));
      if (seen === 'confirmed') {
        lastConfirmedAtMs = Date.now();
        load.confirmed.add(REFERENCE.exec(answer.body)?.[0] ?? '');
      }
      if (seen === 'screen') return answer.body;
      if (seen === 'told') tell(answer.body);
      if (seen !== 'unreachable' || stopped) return undefined;
      if (attempt >= MOST_TRIES) {
        counts.bare += 1;
        load.bareTexts.push('no process took the request');
        return undefined;
      }
      await pause(200);
    }
  }

  async function person(number: number): Promise<void> {
    const msisdn = `+2547${String(20_000_000 + number)}`;
    for (let round = 0; !stopped; round += 1) {
      const sessionId = `chaos-${number}-${round}`;
      const isPrepaid = (number + round) % 3 === 0;
      const account = isPrepaid ? `04${String(100_000_000 + number)}` : String(2_000_000 + number);
      let text = '';
      for (const input of ['', '1', isPrepaid ? '1' : '2', account, String(20 + (round % 900)), '1']) {
        text = text === '' ? input : `${text}*${input}`;
        await pause(Math.random() * LONGEST_THINK_MS);
        const screen = await hop(sessionId, msisdn, text);
        if (screen === undefined) break;
        // An earlier payment is shown first, or an interrupted one is offered again: on to the menu by a new dial.
        if (input === '' && !screen.includes('\n2 ')) break;
      }
      await pause(LONGEST_THINK_MS + Math.random() * 2_000);
    }
  }

  const people = Array.from({ length: customers }, (_, number) => person(number));
  return load;
}

const noCounts = (): Record<Seen, number> => ({ screen: 0, confirmed: 0, told: 0, unreachable: 0, bare: 0 });
const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

function form(sessionId: string, phoneNumber: string, text: string): string {
  const fields = { sessionId, phoneNumber, networkCode: '63902', serviceCode: '*384*123#', text };
  return new URLSearchParams(fields).toString();
}

interface HopAnswer {
  status: number;
  body: string;
}

function kindOf({ status, body }: HopAnswer): Seen {
  if (status === 0) return 'unreachable';
  if (status === 200 && body.startsWith('CON ')) return 'screen';
  if (status === 200 && body.startsWith('END ')) return REFERENCE.test(body) ? 'confirmed' : 'told';
  return 'bare';
}

function post(agent: http.Agent, url: string, body: string): Promise<HopAnswer> {
  return new Promise((resolve) => {
    const request = http.request(
      url,
      {
        method: 'POST',
        agent,
        timeout: HOP_TIMEOUT_MS,
        headers: { 'content-type': 'application/x-www-form-urlencoded', 'content-length': Buffer.byteLength(body) },
      },
      (response) => {
        const parts: Buffer[] = [];
        response.on('data', (part: Buffer) => parts.push(part));
        response.on('end', () => resolve({ status: response.statusCode ?? 0, body: Buffer.concat(parts).toString() }));
        response.on('error', () => resolve({ status: 0, body: 'cut off' }));
      },
    );
    // Reaching the gateway's own time-out is a bare error to the customer; a refused or cut connection is tried elsewhere.
    request.on('timeout', () => {
      resolve({ status: 504, body: 'the gateway gave up' });
      request.destroy();
    });
    request.on('error', () => resolve({ status: 0, body: '' }));
    request.end(body);
  });
}
