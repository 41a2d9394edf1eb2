import type { Biller } from '../../domain/billers/index.ts';
import { formatDecimal, type Money, Refusal, roundUpToMajor } from '../../kernel/index.ts';
import type { TextValues } from '../../platform/texts/index.ts';
import { answerQuestion, howToAnswer } from './answer-question.ts';
import type { Keywords } from './keywords.ts';
import type { SmsCommand } from './parse-command.ts';
import type { SmsLookup, SmsPayment } from './sms-domain.ts';
import type { AnswerDeps, Reply, Writer } from './writer.ts';

/** Nobody waits on a screen. */
const LOOKUP_TIMEOUT_MS = 15_000;
const MOST_LISTED = 4;

/** Does what a command asks for, all but STOP and START, and says what to answer. Safe to run twice. */
export async function answerCommand(deps: AnswerDeps, writer: Writer, command: SmsCommand): Promise<Reply> {
  try {
    switch (command.kind) {
      case 'pay':
        return await pay(deps, writer, command);
      case 'balance':
        return await balance(deps, writer, command);
      case 'receipt':
      case 'status':
        return await tellPayment(deps, writer, command);
      case 'answer':
        return (await answerQuestion(deps, writer, command)) ?? help(deps, writer);
      case 'unknown':
        return (await howToAnswer(deps, writer)) ?? help(deps, writer);
      case 'unclear':
        return command.command === 'answer'
          ? ((await howToAnswer(deps, writer)) ?? help(deps, writer))
          : unclear(deps, writer, { ...command, command: command.command });
      default:
        return help(deps, writer);
    }
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    const id = `refusals.${error.code}`;
    const reason = deps.texts.format(writer.language, deps.texts.has(id) ? id : 'ussd.error.refused', valuesOf(error));
    return { kind: 'reply-refused', values: { reason } };
  }
}

function valuesOf({ details }: Refusal): TextValues {
  return details as TextValues;
}

export function help({ keywords, serviceCode }: AnswerDeps, { language }: Writer): Reply {
  const word = (name: Parameters<Keywords['wordFor']>[0]) => keywords.wordFor(name, language);
  const values = { pay: word('pay'), balance: word('balance'), receipt: word('receipt'), status: word('status') };
  return { kind: 'reply-help', values: { ...values, stop: word('stop'), serviceCode } };
}

function unclear(
  { keywords }: AnswerDeps,
  { language }: Writer,
  { command, what }: { command: 'pay' | 'balance'; what: 'shape' | 'amount' },
): Reply {
  const word = keywords.wordFor(command, language);
  if (command === 'balance') return { kind: 'reply-how-balance', values: { word } };
  return { kind: what === 'amount' ? 'reply-amount' : 'reply-how-pay', values: { word } };
}

interface Asked {
  account: string;
  billerId?: string;
}

/** Whose number it is, by its shape and the company that was named; or what to answer. */
function billerOf(deps: AnswerDeps, { account, billerId }: Asked): Biller | Exclude<Reply, undefined> {
  const fitting = deps.billers.fitting(account).filter(({ id }) => billerId === undefined || id === billerId);
  const [only, another] = fitting;
  if (!only) return { kind: 'reply-no-account', values: { account } };
  if (!another) return only;
  const words = fitting.map(({ id }) => deps.keywords.billerWord(id)).join(', ');
  return { kind: 'reply-which', values: { account, words } };
}

type Found =
  | { kind: 'found'; biller: Biller; lookup: Extract<SmsLookup, { kind: 'found' }> }
  | { kind: 'answer'; reply: Reply };

async function lookUp(deps: AnswerDeps, { msisdn }: Writer, asked: Asked): Promise<Found> {
  const biller = billerOf(deps, asked);
  if (!('order' in biller)) return { kind: 'answer', reply: biller };
  const { account } = asked;
  const lookup = await deps.domain.lookUpAccount({
    ...{ billerId: biller.id, account, msisdn, timeoutMs: LOOKUP_TIMEOUT_MS },
  });
  const values = { biller: biller.name, account };
  switch (lookup.kind) {
    case 'found':
      return { kind: 'found', biller, lookup };
    case 'slow':
    case 'unavailable':
      return { kind: 'answer', reply: { kind: 'reply-unavailable', values } };
    case 'closed':
      return { kind: 'answer', reply: { kind: 'reply-closed', values } };
    default:
      return { kind: 'answer', reply: { kind: 'reply-no-account', values: { account } } };
  }
}

async function pay(deps: AnswerDeps, writer: Writer, command: Extract<SmsCommand, { kind: 'pay' }>): Promise<Reply> {
  const found = await lookUp(deps, writer, command);
  if (found.kind === 'answer') return found.reply;
  const { biller, lookup } = found;
  const { msisdn, language, turnKey } = writer;
  const requested = await deps.domain.requestPayment({
    ...{ turnKey, msisdn, language, billerId: biller.id, amount: command.amount },
    ...{ account: lookup.account, holder: lookup.holder },
  });
  const { account, holder } = lookup;
  const values = { biller: biller.name, account, holder, amount: command.amount };
  if (requested.kind !== 'recent-same') {
    const kind = requested.kind === 'held' ? 'reply-held' : 'reply-pay';
    return { kind, values: { ...values, reference: requested.payment.reference } };
  }
  const { first, retryAtMs } = requested;
  const state = deps.texts.format(language, `states.${first.situation}`);
  return { kind: 'reply-recent', values: { reference: first.reference, state, retryAt: new Date(retryAtMs) } };
}

async function balance(
  deps: AnswerDeps,
  writer: Writer,
  { account, billerId }: Extract<SmsCommand, { kind: 'balance' }>,
): Promise<Reply> {
  if (account === undefined) return balances(deps, writer, billerId);
  const found = await lookUp(deps, writer, { account, ...(billerId === undefined ? {} : { billerId }) });
  if (found.kind === 'answer') return found.reply;
  const { biller, lookup } = found;
  const paid = await deps.domain.findElsewhere({ billerId: biller.id, account: lookup.account });
  const due = owed(lookup.due);
  const values = {
    ...{ biller: biller.name, account: lookup.account, holder: lookup.holder, due },
    hasDue: due.amountMinor > 0n ? 'yes' : 'no',
    word: deps.keywords.wordFor('pay', writer.language),
    whole: wholeDigits(due),
    hasPaid: paid ? 'yes' : 'no',
    paid: paid?.amount ?? due,
    paidAt: new Date(paid?.paidAtMs ?? 0),
  };
  return { kind: 'reply-balance', values };
}

/** His own accounts, which a service PIN keeps from others who hold his phone. */
async function balances(deps: AnswerDeps, writer: Writer, billerId: string | undefined): Promise<Reply> {
  const { serviceCode, keywords, texts } = deps;
  if (writer.hasPin) return { kind: 'reply-pin', values: { serviceCode } };
  const all = await deps.domain.listLinks({ msisdn: writer.msisdn });
  const links = all.filter((link) => billerId === undefined || link.billerId === billerId).slice(0, MOST_LISTED);
  if (links.length === 0) {
    return { kind: 'reply-no-links', values: { word: keywords.wordFor('balance', writer.language), serviceCode } };
  }
  const lines = await Promise.all(
    links.map(async ({ billerId: id, account }) => {
      const { name } = deps.billers.get(id);
      const found = await lookUp(deps, writer, { billerId: id, account });
      const values = { biller: name, account };
      if (found.kind === 'answer') return texts.format(writer.language, 'sms.reply-line-unknown', values);
      return texts.format(writer.language, 'sms.reply-line', { ...values, due: owed(found.lookup.due) });
    }),
  );
  return { kind: 'reply-balances', values: { lines: lines.join('\n') } };
}

async function tellPayment(
  deps: AnswerDeps,
  writer: Writer,
  { kind, reference }: Extract<SmsCommand, { kind: 'receipt' | 'status' }>,
): Promise<Reply> {
  const { msisdn, language, turnKey } = writer;
  // Who names the payment has its message before him; its newest one a service PIN keeps from others.
  if (reference === undefined && writer.hasPin) return { kind: 'reply-pin', values: { serviceCode: deps.serviceCode } };
  const found = await deps.domain.findPayment({ msisdn, ...(reference === undefined ? {} : { reference }) });
  if (!found)
    return { kind: 'reply-no-payment', values: { reference: reference ?? '', hasReference: reference ? 'yes' : 'no' } };
  if (kind === 'receipt' && found.situation === 'posted') {
    await deps.domain.sendReceiptAgain({ paymentId: found.id, msisdn, language, turnKey });
    return undefined;
  }
  return statusOf(deps, writer, found);
}

function statusOf({ texts, billers }: AnswerDeps, { language, msisdn }: Writer, payment: SmsPayment): Reply {
  const { reference, billerId, account, amount, situation, dialler } = payment;
  const values = {
    ...{ reference, amount, biller: billerId ? billers.get(billerId).name : '-' },
    // Who only paid is not told whose account it was.
    account: dialler === msisdn || dialler === null ? account : `***${account.slice(-3)}`,
    state: texts.format(language, `states.${situation}`),
    next: texts.format(language, `next.${situation}`),
  };
  return { kind: 'reply-status', values };
}

/** What the company owes him is not shown as an amount due. */
function owed(due: Money): Money {
  return due.amountMinor > 0n ? due : { ...due, amountMinor: 0n };
}

function wholeDigits(due: Money): string {
  return formatDecimal(roundUpToMajor(due)).split('.')[0] ?? '';
}
