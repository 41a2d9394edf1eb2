import type { Runtime } from '../../kernel/index.ts';
import { nairobiStamp } from '../basis/index.ts';
import type { BookRecord } from '../journal/index.ts';

/** One payment prompt. The operator never deduplicates them: two prompts are two debits. */
export interface Prompt {
  checkoutRequestId: string;
  merchantRequestId: string;
  msisdn: string;
  amountMinor: bigint;
  account: string;
  description: string;
  shortCode: string;
  callbackUrl: string;
  /** Epoch ms, as is `expiresAt`. */
  at: number;
  expiresAt: number;
  /** Absent while the customer is being asked. `saidCode` is what the operator says; it may differ from the truth. */
  closed?: { code: string; saidCode: string; receipt?: string };
}

export interface PromptShelf {
  keep(prompt: Prompt): void;
  close(prompt: Prompt, closed: NonNullable<Prompt['closed']>): void;
  find(checkoutRequestId: string): Prompt | undefined;
  waitingFor(msisdn: string): Prompt[];
  waiting(): Prompt[];
  list(): Iterable<Prompt>;
  restore(record: BookRecord): void;
  clear(): void;
}

/** Beyond this the oldest closed prompts are forgotten, and a query does not know them any more. */
const MOST_PROMPTS = 300_000;

export function makePromptShelf(): PromptShelf {
  const prompts = new Map<string, Prompt>();
  const open = new Map<string, Set<Prompt>>();
  const keep = (prompt: Prompt) => {
    prompts.set(prompt.checkoutRequestId, prompt);
    if (!prompt.closed) open.set(prompt.msisdn, (open.get(prompt.msisdn) ?? new Set()).add(prompt));
    if (prompts.size <= MOST_PROMPTS) return;
    const oldest = prompts.values().next().value;
    if (oldest?.closed) prompts.delete(oldest.checkoutRequestId);
  };
  const close = (prompt: Prompt, closed: NonNullable<Prompt['closed']>) => {
    prompt.closed = closed;
    const others = open.get(prompt.msisdn);
    others?.delete(prompt);
    if (others?.size === 0) open.delete(prompt.msisdn);
  };
  return {
    keep,
    close,
    find: (checkoutRequestId) => prompts.get(checkoutRequestId),
    waitingFor: (msisdn) => [...(open.get(msisdn) ?? [])],
    waiting: () => [...open.values()].flatMap((set) => [...set]),
    list: () => prompts.values(),
    restore(record) {
      if (record.book === 'prompt') {
        const { book: _, ...prompt } = record;
        keep({ ...prompt, amountMinor: BigInt(record.amountMinor) });
      }
      if (record.book !== 'prompt-closed') return;
      const prompt = prompts.get(record.checkoutRequestId);
      const receipt = record.transaction?.receipt;
      if (prompt) close(prompt, { code: record.code, saidCode: record.saidCode, ...(receipt && { receipt }) });
    },
    clear() {
      prompts.clear();
      open.clear();
    },
  };
}

/** Identifiers as the operator's look: `29115-34620561-1` and `ws_CO_` with day, time and a number. */
export function newRequestIds({ clock, chance }: Runtime, msisdn: string) {
  const digits = (count: number) => [...chance.bytes(count)].map((byte) => byte % 10).join('');
  return {
    merchantRequestId: `${digits(5)}-${digits(8)}-1`,
    checkoutRequestId: `ws_CO_${nairobiStamp(clock.now())}${digits(12)}${msisdn.slice(-9)}`,
  };
}
