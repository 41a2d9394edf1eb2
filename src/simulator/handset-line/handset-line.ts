import { timingSafeEqual } from 'node:crypto';
import { z } from 'zod';
import {
  jsonReply,
  parseJson,
  problemReply,
  readPhoneNumber,
  type SimulatorAnswer,
  type SimulatorConfig,
  type SimulatorLog,
  type SimulatorReply,
  type SimulatorRequest,
} from '../basis/index.ts';
import type { HandsetDesk, HandsetEvent, MessageView, PromptView, SessionView } from '../handset/index.ts';
import { decimal, type Operator } from '../operator/index.ts';
import type { SmsParty } from '../sms/index.ts';
import { NETWORKS, networkById, type UssdNetwork } from '../ussd/index.ts';

export interface HandsetLineDeps {
  log: SimulatorLog;
  config: SimulatorConfig;
  operator: Operator;
  sms: SmsParty;
  ussd: UssdNetwork;
  desk: HandsetDesk;
}

/** What the page sees when it connects. */
export interface HandsetState {
  type: 'state';
  msisdn: string;
  wallet: { balance: string; currency: string };
  prompts: PromptView[];
  /** Newest last, at most `NEWEST_MESSAGES`. */
  messages: MessageView[];
  session: SessionView | null;
}

/** The line between the page in the browser and the simulated network. Paths are those below `/handset`. */
export interface HandsetLine {
  handle(request: SimulatorRequest): Promise<SimulatorAnswer>;
  state(msisdn: string): HandsetState;
  /** While a listener is there, prompts of the number wait for a person. */
  watch(msisdn: string, listener: (event: HandsetEvent) => void): () => void;
}

/** The PIN of every simulated wallet. */
const WALLET_PIN = '1234';
const NEWEST_MESSAGES = 50;

const msisdn = z
  .string()
  .max(30)
  .transform((text): string => readPhoneNumber(text) ?? '')
  .pipe(z.string().min(1));
const Dial = z.strictObject({ msisdn, network: z.string().max(20), dialled: z.string().min(1).max(200) });
const Reply = z.strictObject({ msisdn, sessionId: z.string().max(100), text: z.string().max(200) });
const Cancel = z.strictObject({ msisdn, sessionId: z.string().max(100) });
const PromptReply = z.union([
  z.strictObject({ msisdn, pin: z.string().regex(/^\d{4}$/) }),
  z.strictObject({ msisdn, cancel: z.literal(true) }),
]);

export function makeHandsetLine(deps: HandsetLineDeps): HandsetLine {
  return {
    watch: (number, listener) => deps.desk.watch(number, listener),
    state: (number) => stateOf(deps, number),
    async handle(request) {
      const { method, path } = request;
      if (method === 'GET' && path === '/api/phone') return jsonReply(200, phone(deps.config));
      if (method !== 'POST') return problemReply(404, 'There is nothing here');
      // A page of another site cannot send this type without being asked first, so it cannot dial behind a visitor's back.
      if (!/^application\/json\b/i.test(request.headers['content-type'] ?? '')) {
        return problemReply(415, 'Send application/json');
      }
      const json = parseJson(request.body);
      if (path === '/api/dial') return dial(deps, json);
      if (path === '/api/reply') return reply(deps, json);
      if (path === '/api/cancel') return cancel(deps, json);
      const id = /^\/api\/prompts\/(\w{1,100})$/.exec(path)?.[1];
      return id ? answerPrompt(deps, id, json) : problemReply(404, 'There is nothing here');
    },
  };
}

function phone(config: SimulatorConfig) {
  const networks = NETWORKS.map(({ id, name, septets, inputCharacters, idleMs }) => ({
    id,
    name,
    septets,
    inputCharacters,
    idleMs,
  }));
  return { serviceCode: config.serviceCode, currency: config.currency, pin: WALLET_PIN, networks };
}

function stateOf({ operator, sms, ussd, desk, config }: HandsetLineDeps, number: string): HandsetState {
  const prompts = desk.isFree(number) ? operator.shelf.waitingFor(number) : [];
  const { currency } = config;
  return {
    type: 'state',
    msisdn: number,
    wallet: { balance: decimal(operator.books.balanceOf(number), currency), currency },
    prompts: prompts.map((prompt) => operator.prompts.view(prompt)),
    messages: sms.inboxes
      .of(number)
      .slice(-NEWEST_MESSAGES)
      .map(({ messageId, from, text, at }) => ({ id: messageId, from, text, at })),
    session: ussd.current(number) ?? null,
  };
}

const MALFORMED = problemReply(422, 'The body is not of the described shape');

async function dial(deps: HandsetLineDeps, json: unknown): Promise<SimulatorReply> {
  const read = Dial.safeParse(json);
  const network = read.success ? networkById(read.data.network) : undefined;
  if (!read.success || !network) return MALFORMED;
  const result = await deps.ussd.dial({ msisdn: read.data.msisdn, network, dialled: read.data.dialled });
  return jsonReply(200, result);
}

async function reply(deps: HandsetLineDeps, json: unknown): Promise<SimulatorReply> {
  const read = Reply.safeParse(json);
  if (!read.success) return MALFORMED;
  const session = await deps.ussd.reply(read.data);
  return session ? jsonReply(200, session) : problemReply(409, 'The session is not open');
}

function cancel(deps: HandsetLineDeps, json: unknown): SimulatorReply {
  const read = Cancel.safeParse(json);
  if (!read.success) return MALFORMED;
  const session = deps.ussd.cancel(read.data);
  return session ? jsonReply(200, session) : problemReply(409, 'The session is not open');
}

async function answerPrompt({ operator, log }: HandsetLineDeps, id: string, json: unknown): Promise<SimulatorReply> {
  const read = PromptReply.safeParse(json);
  if (!read.success) return MALFORMED;
  const prompt = operator.shelf.find(id);
  if (!prompt || prompt.closed || prompt.msisdn !== read.data.msisdn) return problemReply(409, 'The prompt has gone');
  const answer = 'cancel' in read.data ? 'cancel' : isWalletPin(read.data.pin) ? 'pay' : 'wrong-pin';
  // The callback may take its time; the page sees what became of the prompt as an event.
  operator.prompts.close(prompt, answer).catch((error: unknown) => {
    log.error({ err: error }, 'a prompt could not be closed');
  });
  return jsonReply(202, { taken: true });
}

function isWalletPin(pin: string): boolean {
  return timingSafeEqual(Buffer.from(pin), Buffer.from(WALLET_PIN));
}
