/** A mail as it lies in its box. */
export interface ReceivedMail {
  to: string;
  from: string;
  subject: string;
  text: string;
  html?: string;
  /** The Message-ID: two of the same are one mail that came twice. */
  messageId: string;
  /** Epoch ms. */
  at: number;
}

export interface Mailboxes {
  add(mail: ReceivedMail): void;
  /** Oldest first. */
  all(): readonly ReceivedMail[];
  reset(): void;
}

const MOST_KEPT = 10_000;

export function makeMailboxes(): Mailboxes {
  const mails: ReceivedMail[] = [];
  return {
    add(mail) {
      mails.push(mail);
      if (mails.length > MOST_KEPT) mails.shift();
    },
    all: () => mails,
    reset() {
      mails.length = 0;
    },
  };
}
