export interface Mail {
  /** One address: `finance@example.org`. */
  to: string;
  subject: string;
  text: string;
  html?: string;
  /** Ours: the same at every repeat, so that a mail that came twice can be recognised (it is the Message-ID's left part). */
  id: string;
}

export type MailAnswer =
  /** A mail server took it on. Whether it reaches a person is not known. */
  | { kind: 'accepted' }
  /** Definite: sending again cannot help (no such mailbox, refused content). */
  | { kind: 'rejected'; description: string }
  /** Certainly not taken now, worth trying again. */
  | { kind: 'later'; description: string }
  /** No proof either way: it may have been taken. */
  | { kind: 'unknown'; description: string };

/** Who carries mail. */
export interface MailProvider {
  readonly name: string;
  send(mail: Mail): Promise<MailAnswer>;
  close(): void;
}
