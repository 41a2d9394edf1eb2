import type { Timer } from '../../kernel/index.ts';
import { sendCallback } from '../faults/index.ts';
import type { PromptEnd, PromptView } from '../handset/index.ts';
import { decimal, type OperatorBooks, recordOf, type Transaction } from './operator-books.ts';
import type { OperatorDeps } from './operator-deps.ts';
import { newRequestIds, type Prompt, type PromptShelf } from './prompt-shelf.ts';
import { collectCallbackBody } from './stk-callback.ts';

export type PromptAnswer = 'pay' | 'cancel' | 'wrong-pin' | 'expired' | 'not-permitted';

export type PromptRequest = Pick<
  Prompt,
  'msisdn' | 'amountMinor' | 'account' | 'description' | 'shortCode' | 'callbackUrl'
>;

/** What happens to prompts: they ring, are answered or expire, and the merchant is told. */
export interface Prompts {
  add(request: PromptRequest): Promise<Prompt>;
  /** Rings at the handset. `early`: a handset that answers by itself does so at once, and its callback is awaited. */
  ring(prompt: Prompt, early: boolean): Promise<void>;
  close(prompt: Prompt, answer: PromptAnswer): Promise<void>;
  view(prompt: Prompt): PromptView;
}

interface Context extends OperatorDeps {
  books: OperatorBooks;
  shelf: PromptShelf;
  announce(transaction: Transaction): Promise<void>;
  /** Timers of the prompts that wait: expiry, and the answer of a handset that answers by itself. */
  running: Map<Prompt, Timer[]>;
}

/** The operator's limit for one transaction, in cents. */
const LARGEST_MINOR = 25_000_000n;

const ENDS: Readonly<Record<string, PromptEnd>> = {
  '0': 'paid',
  '1': 'no-funds',
  '1019': 'expired',
  '1032': 'cancelled',
  '1037': 'expired',
  '2001': 'wrong-pin',
};

export function makePrompts(deps: Omit<Context, 'running'>): Prompts {
  const context: Context = { ...deps, running: new Map() };
  return {
    add: (request) => addPrompt(context, request),
    ring: (prompt, early) => ring(context, prompt, early),
    close: (prompt, answer) => close(context, prompt, answer),
    view: (prompt) => view(context, prompt),
  };
}

async function addPrompt(context: Context, request: PromptRequest): Promise<Prompt> {
  const { runtime, desk, config, shelf } = context;
  const at = runtime.clock.now();
  const lifeMs = desk.settingOf(request.msisdn)?.promptTimeoutMs ?? config.promptTimeoutMs;
  const prompt: Prompt = { ...request, ...newRequestIds(runtime, request.msisdn), at, expiresAt: at + lifeMs };
  shelf.keep(prompt);
  await context.journal().append({ book: 'prompt', ...prompt, amountMinor: prompt.amountMinor.toString() });
  return prompt;
}

function ring(context: Context, prompt: Prompt, early: boolean): Promise<void> {
  const { desk } = context;
  answerLater(context, prompt, Math.max(0, prompt.expiresAt - context.runtime.clock.now()), 'expired');
  const now = desk.behaviourOf(prompt.msisdn);
  if (early && desk.isFree(prompt.msisdn) && now.kind === 'automatic' && now.setting.answer !== 'ignore') {
    return close(context, prompt, now.setting.answer);
  }
  desk.whenFree(prompt.msisdn, () => {
    if (prompt.closed) return;
    const behaviour = desk.behaviourOf(prompt.msisdn);
    if (behaviour.kind === 'person') return desk.emit(prompt.msisdn, { type: 'prompt', prompt: view(context, prompt) });
    const { answer, delayMs } = behaviour.setting;
    if (answer !== 'ignore') answerLater(context, prompt, delayMs, answer);
  });
  return Promise.resolve();
}

function answerLater(context: Context, prompt: Prompt, delayMs: number, answer: PromptAnswer): void {
  const timer = context.timers.set(delayMs, () => {
    close(context, prompt, answer).catch((error: unknown) => {
      context.log.error({ err: error }, 'a prompt could not be closed');
    });
  });
  context.running.set(prompt, [...(context.running.get(prompt) ?? []), timer]);
}

async function close(context: Context, prompt: Prompt, answer: PromptAnswer): Promise<void> {
  if (prompt.closed) return;
  const { desk, runtime, shelf, running } = context;
  const { code, transaction } = decide(context, prompt, answer);
  const saidCode = desk.settingOf(prompt.msisdn)?.code ?? code;
  shelf.close(prompt, { code, saidCode, ...(transaction && { receipt: transaction.receipt }) });
  for (const timer of running.get(prompt) ?? []) timer.cancel();
  running.delete(prompt);
  // The books first: what was announced must still be known after a kill.
  await context.journal().append({
    book: 'prompt-closed',
    checkoutRequestId: prompt.checkoutRequestId,
    code,
    saidCode,
    at: runtime.clock.now(),
    ...(transaction && { transaction: recordOf(transaction) }),
  });
  tellHandset(context, prompt, code, transaction);
  const body = collectCallbackBody(prompt, saidCode, transaction);
  await sendCallback(context, { url: prompt.callbackUrl, contentType: 'application/json', body, what: 'stk' });
  if (transaction && context.faults.drawOccasion('alsoConfirm')) await context.announce(transaction);
}

/** Moves the money when the answer is to pay. Synchronous: nothing comes between the check of the balance and the debit. */
function decide(context: Context, prompt: Prompt, answer: PromptAnswer): { code: string; transaction?: Transaction } {
  const { desk, books, config, runtime } = context;
  if (answer === 'not-permitted') return { code: '2028' };
  if (answer === 'cancel') return { code: '1032' };
  if (answer === 'wrong-pin') return { code: '2001' };
  if (answer === 'expired') {
    const unseen = !desk.isFree(prompt.msisdn);
    return { code: unseen || runtime.chance.fraction() < 0.5 ? '1037' : '1019' };
  }
  if (prompt.amountMinor > LARGEST_MINOR) return { code: '3' };
  const { msisdn, amountMinor, account, shortCode } = prompt;
  const { currency } = config;
  const transaction = books.move({ kind: 'collect', msisdn, amountMinor, currency, account, shortCode });
  return transaction ? { code: '0', transaction } : { code: '1' };
}

function tellHandset(context: Context, prompt: Prompt, code: string, transaction: Transaction | undefined): void {
  const { desk, books, config } = context;
  const { msisdn, checkoutRequestId: id } = prompt;
  const receipt = transaction && { receipt: transaction.receipt };
  desk.emit(msisdn, { type: 'prompt-closed', id, end: ENDS[code] ?? 'failed', ...receipt });
  if (!transaction) return;
  const { currency } = config;
  desk.emit(msisdn, { type: 'wallet', balance: decimal(books.balanceOf(msisdn), currency), currency });
}

function view(context: Context, prompt: Prompt): PromptView {
  const { currency } = context.config;
  return {
    id: prompt.checkoutRequestId,
    amount: decimal(prompt.amountMinor, currency),
    currency,
    payTo: prompt.shortCode,
    account: prompt.account,
    expiresInMs: Math.max(0, prompt.expiresAt - context.runtime.clock.now()),
  };
}
