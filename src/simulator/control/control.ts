import type { z } from 'zod';
import {
  jsonReply,
  parseJson,
  problemReply,
  type SimulatorAnswer,
  type SimulatorConfig,
  type SimulatorReply,
  type SimulatorRequest,
  segmentsAfter,
} from '../basis/index.ts';
import type { Billers } from '../billers/index.ts';
import { type FaultDesk, FaultPlan } from '../faults/index.ts';
import { type HandsetDesk, HandsetSetting } from '../handset/index.ts';
import type { Journal } from '../journal/index.ts';
import type { Mailboxes } from '../mail/index.ts';
import { decimal, type Operator, recordOf } from '../operator/index.ts';
import type { SmsParty } from '../sms/index.ts';
import type { WebhookReceiver } from '../webhooks/index.ts';
import { listMail, listMessages, listPostings, listPrompts, listTransactions, listWebhooks } from './control-lists.ts';
import {
  BlockedSender,
  DueDate,
  deposit,
  directPayment,
  LostPosting,
  OptOut,
  PayoutSetting,
  payerAccount,
  Reversal,
  WrittenMessage,
  walletSetting,
} from './control-requests.ts';
import { billerStatement, operatorStatement } from './control-statements.ts';
import { readPathNumber } from './path-number.ts';

export interface ControlDeps {
  config: SimulatorConfig;
  operator: Operator;
  sms: SmsParty;
  billers: Billers;
  webhooks: WebhookReceiver;
  mailboxes: Mailboxes;
  desk: HandsetDesk;
  faults: FaultDesk;
  journal: () => Journal;
  reset(): Promise<void>;
}

/** What a program tells the simulator, and what it reads in its books. Paths are those below `/control`. */
export interface Control {
  handle(request: SimulatorRequest): Promise<SimulatorAnswer>;
}

type Handler = (request: SimulatorRequest, id: string) => Promise<SimulatorReply> | SimulatorReply;

export function makeControl(deps: ControlDeps): Control {
  const routes: Readonly<Record<string, Readonly<Record<string, Handler>>>> = {
    'handsets/:': {
      PUT: (request, id) => putHandset(deps, request, id),
      GET: (_request, id) => withNumber(id, (msisdn) => jsonReply(200, deps.desk.behaviourOf(msisdn))),
      DELETE: (_request, id) => forgetHandset(deps, id),
    },
    'wallets/:': {
      PUT: (request, id) => putWallet(deps, request, id),
      GET: (_request, id) => withNumber(id, (msisdn) => wallet(deps, msisdn)),
    },
    faults: {
      PUT: (request) => withBody(request, FaultPlan, (plan) => putFaults(deps, plan)),
      GET: () => jsonReply(200, deps.faults.current()),
    },
    'operator/transactions': { GET: ({ query }) => listTransactions(deps.operator, query) },
    'operator/prompts': { GET: ({ query }) => listPrompts(deps.operator, query) },
    'operator/statement': { GET: ({ query }) => operatorStatement(deps, query) },
    'operator/reverse': { POST: (request) => withBody(request, Reversal, (asked) => reverse(deps, asked)) },
    'operator/payouts': { PUT: (request) => withBody(request, PayoutSetting, (fate) => decidePayouts(deps, fate)) },
    'operator/accounts': {
      PUT: (request) => withBody(request, payerAccount(deps.config.currency), (asked) => openAccount(deps, asked)),
    },
    'operator/float': {
      GET: () => float(deps),
      POST: (request) => withBody(request, deposit(deps.config.currency), ({ amount }) => putIn(deps, amount)),
    },
    'operator/addresses': { GET: () => jsonReply(200, deps.operator.paybill.addresses() ?? null) },
    'biller/statement.csv': { GET: ({ query }) => billerStatement(deps.billers, query) },
    'biller/lose': { POST: (request) => withBody(request, LostPosting, (lost) => losePosting(deps, lost)) },
    'biller/postings': { GET: ({ query }) => listPostings(deps.billers, query) },
    webhooks: { GET: ({ query }) => listWebhooks(deps.webhooks, query) },
    mail: { GET: ({ query }) => listMail(deps.mailboxes, query) },
    bills: { PUT: (request) => withBody(request, DueDate, (due) => putDueDate(deps, due)) },
    messages: { GET: ({ query }) => listMessages(deps.sms, query) },
    c2b: { POST: (request) => payPaybill(deps, request) },
    sms: { POST: (request) => withBody(request, WrittenMessage, (message) => writeIn(deps, message)) },
    'opt-out': { POST: (request) => withBody(request, OptOut, (notice) => optOut(deps, notice)) },
    'blocked-senders': { PUT: (request) => withBody(request, BlockedSender, (block) => blockSender(deps, block)) },
    reset: {
      async POST() {
        await deps.reset();
        return jsonReply(200, { reset: true });
      },
    },
  };
  return {
    async handle(request) {
      const [first = '', second = '', ...rest] = segmentsAfter(request.path, '') ?? [];
      const byId = routes[`${first}/:`];
      const route = byId && second !== '' ? byId : routes[second === '' ? first : `${first}/${second}`];
      if (!route || rest.length > 0) return problemReply(404, 'There is no such control');
      const handler = route[request.method];
      if (handler) return handler(request, second);
      const allow = Object.keys(route).join(', ');
      const refusal = problemReply(405, `Use ${allow}`);
      return { ...refusal, headers: { ...refusal.headers, allow } };
    },
  };
}

async function withBody<T>(
  request: SimulatorRequest,
  schema: z.ZodType<T>,
  act: (value: T) => Promise<SimulatorReply> | SimulatorReply,
): Promise<SimulatorReply> {
  const json = parseJson(request.body);
  if (json === undefined) return problemReply(400, 'The body is not JSON');
  const read = schema.safeParse(json);
  if (read.success) return act(read.data);
  const problems = read.error.issues.slice(0, 10).map(({ path, message }) => ({ field: path.join('.'), message }));
  return problemReply(422, 'The body is not of the described shape', { problems });
}

async function withNumber(id: string, act: (msisdn: string) => Promise<SimulatorReply> | SimulatorReply) {
  const msisdn = readPathNumber(id);
  return msisdn ? act(msisdn) : problemReply(422, 'The path does not end in a phone number');
}

function putHandset(deps: ControlDeps, request: SimulatorRequest, id: string) {
  return withNumber(id, (msisdn) =>
    withBody(request, HandsetSetting, async (setting) => {
      deps.desk.setSetting(msisdn, setting);
      await deps.journal().append({ book: 'handset', msisdn, setting });
      return jsonReply(200, { msisdn, ...setting });
    }),
  );
}

function forgetHandset(deps: ControlDeps, id: string) {
  return withNumber(id, async (msisdn) => {
    deps.desk.setSetting(msisdn, undefined);
    await deps.journal().append({ book: 'handset', msisdn, setting: null });
    return jsonReply(200, deps.desk.behaviourOf(msisdn));
  });
}

function putWallet(deps: ControlDeps, request: SimulatorRequest, id: string) {
  const { currency } = deps.config;
  return withNumber(id, (msisdn) =>
    withBody(request, walletSetting(currency), async ({ balance }) => {
      deps.operator.books.setBalance(msisdn, balance);
      await deps.journal().append({ book: 'wallet', msisdn, balanceMinor: balance.toString() });
      deps.desk.emit(msisdn, { type: 'wallet', balance: decimal(balance, currency), currency });
      return wallet(deps, msisdn);
    }),
  );
}

function wallet({ operator, config: { currency } }: ControlDeps, msisdn: string): SimulatorReply {
  return jsonReply(200, { msisdn, balance: decimal(operator.books.balanceOf(msisdn), currency), currency });
}

function putFaults({ faults }: ControlDeps, plan: FaultPlan): SimulatorReply {
  faults.apply(plan);
  return jsonReply(200, faults.current());
}

function payPaybill(deps: ControlDeps, request: SimulatorRequest) {
  return withBody(request, directPayment(deps.config.currency), async ({ msisdn, amount, account }) =>
    jsonReply(200, await deps.operator.paybill.pay({ msisdn, amountMinor: amount, account })),
  );
}

/** The operator takes a payment back, and nobody is told. */
async function reverse({ operator, journal, desk }: ControlDeps, { receipt }: { receipt: string }) {
  const reversal = operator.books.reverse(receipt);
  if (reversal === 'unknown') return problemReply(404, 'There is no such payment');
  if (reversal === 'reversed-before') return problemReply(409, 'It is reversed already');
  await journal().append({ book: 'paybill', transaction: recordOf(reversal) });
  const { msisdn, amountMinor, currency } = reversal;
  desk.emit(msisdn, { type: 'wallet', balance: decimal(operator.books.balanceOf(msisdn), currency), currency });
  return jsonReply(200, { receipt: reversal.receipt, linkedReceipt: receipt, amount: decimal(amountMinor, currency) });
}

function decidePayouts({ operator }: ControlDeps, { msisdn, code, said }: z.infer<typeof PayoutSetting>) {
  operator.payouts.decide(msisdn, { code, said });
  return jsonReply(200, { msisdn, code, said });
}

function float({ operator, config: { currency } }: ControlDeps): SimulatorReply {
  return jsonReply(200, { utility: decimal(operator.books.collectedMinor(), currency), currency });
}

/** What stands for an organisation that the operator gave a short code and a user of its own. */
async function openAccount(
  { operator, config: { currency }, journal }: ControlDeps,
  { amount = 0n, ...account }: z.infer<ReturnType<typeof payerAccount>>,
) {
  operator.accounts.open(account);
  await journal().append({ book: 'payer-account', ...account });
  if (amount > 0n) {
    const transaction = operator.books.deposit(amount, account.shortCode, currency);
    await journal().append({ book: 'paybill', transaction: recordOf(transaction) });
  }
  const { shortCode, initiator } = account;
  return jsonReply(200, { shortCode, initiator, utility: decimal(operator.books.collectedMinor(shortCode), currency) });
}

/** Money from the bank to the short code, as it is needed before anyone is paid. */
async function putIn(deps: ControlDeps, amountMinor: bigint) {
  const { operator, config, journal } = deps;
  const transaction = operator.books.deposit(amountMinor, config.operator.shortCode, config.currency);
  await journal().append({ book: 'paybill', transaction: recordOf(transaction) });
  return float(deps);
}

async function writeIn(deps: ControlDeps, message: { from: string; to: string; text: string }) {
  await deps.sms.writeIn(message);
  return jsonReply(200, { written: true });
}

async function losePosting({ billers }: ControlDeps, lost: { biller: string; reference: string }) {
  return (await billers.lose(lost)) ? jsonReply(200, lost) : problemReply(404, 'It has no such booking');
}

async function putDueDate(deps: ControlDeps, due: { biller: string; account: string; dueDate: string }) {
  const isSet = await deps.billers.setDueDate(due);
  return isSet ? jsonReply(200, due) : problemReply(422, 'There is no such biller');
}

async function optOut(deps: ControlDeps, notice: { msisdn: string; sender: string }) {
  await deps.sms.optOut(notice);
  return jsonReply(200, { ...notice, blocked: true });
}

async function blockSender(deps: ControlDeps, block: { msisdn: string; sender: string; blocked: boolean }) {
  deps.sms.inboxes.block(block.msisdn, block.sender, block.blocked);
  await deps.journal().append({ book: 'blocked-sender', ...block });
  return jsonReply(200, block);
}
