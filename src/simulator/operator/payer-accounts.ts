import type { SimulatorConfig } from '../basis/index.ts';
import type { BookRecord } from '../journal/index.ts';

/** A short code that somebody has for himself, and the operator's user who may pay from it. */
export interface PayerAccount {
  shortCode: string;
  initiator: string;
  /** As it comes in a request: what it is encrypted from is nobody's business here. */
  credential: string;
}

/** Whose money may be paid and asked about by whom. */
export interface PayerAccounts {
  open(account: PayerAccount): void;
  isOwn(shortCode: string): boolean;
  /**
   * `no-account`: the short code is nobody's. `wrong-initiator`: it has another, or his credential is another; the gateway's own short codes take
   * every initiator but those of others.
   */
  refuse(asked: PayerAccount): 'no-account' | 'wrong-initiator' | undefined;
  restore(record: BookRecord): void;
  clear(): void;
}

export function makePayerAccounts({ shortCode, payoutShortCode }: SimulatorConfig['operator']): PayerAccounts {
  const accounts = new Map<string, PayerAccount>();
  const ours = new Set([shortCode, payoutShortCode ?? shortCode]);
  return {
    open: (account) => void accounts.set(account.shortCode, account),
    isOwn: (code) => accounts.has(code),
    refuse({ shortCode: code, initiator, credential }) {
      const own = accounts.get(code);
      if (own) return own.initiator === initiator && own.credential === credential ? undefined : 'wrong-initiator';
      if (!ours.has(code)) return 'no-account';
      return [...accounts.values()].some((one) => one.initiator === initiator) ? 'wrong-initiator' : undefined;
    },
    restore(record) {
      if (record.book !== 'payer-account') return;
      const { book: _, ...account } = record;
      accounts.set(account.shortCode, account);
    },
    clear: () => accounts.clear(),
  };
}
