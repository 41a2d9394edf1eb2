import type { BookRecord } from '../journal/index.ts';

export interface Message {
  messageId: string;
  /** E.164, as `from` is a sender's name or short code. */
  to: string;
  from: string;
  text: string;
  /** Epoch ms. */
  at: number;
}

/** What every number has received, and which senders it has blocked. */
export interface Inboxes {
  add(message: Message): void;
  /** Oldest first. */
  of(msisdn: string): readonly Message[];
  all(): Message[];
  block(msisdn: string, sender: string, blocked: boolean): void;
  blocks(msisdn: string, sender: string): boolean;
  restore(record: BookRecord): void;
  clear(): void;
}

/** A number keeps its newest messages only, and so does the whole: a long load run must not fill the memory. */
const MOST_OF_A_NUMBER = 1_000;
const MOST_MESSAGES = 200_000;

/** Blocks every sender. */
export const ANY_SENDER = '*';

export function makeInboxes(): Inboxes {
  const messages = new Map<string, Message[]>();
  const blocked = new Map<string, Set<string>>();
  let count = 0;
  const dropOldestInbox = () => {
    const oldest = messages.entries().next().value;
    if (!oldest) return;
    messages.delete(oldest[0]);
    count -= oldest[1].length;
  };
  const add = (message: Message) => {
    const inbox = messages.get(message.to) ?? [];
    inbox.push(message);
    messages.set(message.to, inbox);
    count += 1;
    if (inbox.length > MOST_OF_A_NUMBER) {
      inbox.shift();
      count -= 1;
    }
    if (count > MOST_MESSAGES && messages.size > 1) dropOldestInbox();
  };
  const block = (msisdn: string, sender: string, isBlocked: boolean) => {
    const senders = blocked.get(msisdn) ?? new Set<string>();
    if (isBlocked) senders.add(sender);
    else senders.delete(sender);
    blocked.set(msisdn, senders);
  };
  return {
    add,
    block,
    of: (msisdn) => messages.get(msisdn) ?? [],
    all: () => [...messages.values()].flat().sort((one, other) => one.at - other.at),
    blocks(msisdn, sender) {
      const senders = blocked.get(msisdn);
      return senders !== undefined && (senders.has(sender) || senders.has(ANY_SENDER));
    },
    restore(record) {
      if (record.book === 'message') {
        const { book: _, ...message } = record;
        add(message);
      }
      if (record.book === 'blocked-sender') block(record.msisdn, record.sender, record.blocked);
    },
    clear() {
      messages.clear();
      blocked.clear();
      count = 0;
    },
  };
}
