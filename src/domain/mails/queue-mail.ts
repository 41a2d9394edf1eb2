import { z } from 'zod';
import { Refusal } from '../../kernel/index.ts';
import type { Tx } from '../../platform/database/index.ts';
import type { MailDeps } from './deps.ts';
import { MailSchema } from './mail.ts';

export const SEND_MAIL = 'mail.send';

/** A column of text holds 64 KiB, sealed and in base64. */
const MOST_BYTES = 40_000;
const LONGEST_SUBJECT = 200;

export interface NewMail {
  /** The fact that is told: `settlement-ready:<id>:<mailbox>`. A second mail under it is not made. */
  factKey: string;
  /** One address. */
  to: string;
  subject: string;
  /** At most 40,000 bytes, and so the HTML. Larger things are linked, not attached. */
  text: string;
  html?: string;
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what it looks for
const CONTROL = /[\u0000-\u001f\u007f\u2028\u2029]/;
// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what it looks for
const UNFIT_TEXT = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f]/;

const address = z.email().max(254);

/**
 * Commits a mail, and the work of sending it, with the fact that it tells. False when it was told before. Refuses when mail is off
 * (`mail.off`), for what is no address (`mail.bad-address`), a subject that would write headers (`mail.bad-subject`) and a text
 * that is too long or holds control characters (`mail.bad-text`).
 */
export async function queueMail(deps: MailDeps, tx: Tx, mail: NewMail): Promise<boolean> {
  check(deps, mail);
  const { runtime, sealing, outbox } = deps;
  const id = runtime.ids.next();
  const isNew = await tx.insertOnce(MailSchema, {
    id,
    factKey: mail.factKey,
    recipient: mail.to,
    sealedSubject: sealing.seal(mail.subject),
    sealedText: sealing.seal(mail.text),
    sealedHtml: mail.html === undefined ? null : sealing.seal(mail.html),
    state: 'queued',
    attempts: 0,
    lostAnswers: 0,
    failure: null,
    createdAtMs: runtime.clock.now(),
    sentAtMs: null,
    finishedAtMs: null,
  });
  if (isNew) await outbox.emit(tx, { topic: SEND_MAIL, key: id, payload: { mailId: id } });
  return isNew;
}

function check(deps: MailDeps, { to, subject, text, html }: NewMail): void {
  if (!deps.mail) throw new Refusal('mail.off');
  if (!address.safeParse(to).success) throw new Refusal('mail.bad-address');
  if (subject === '' || subject.length > LONGEST_SUBJECT || CONTROL.test(subject))
    throw new Refusal('mail.bad-subject');
  for (const part of [text, html ?? '']) {
    if (Buffer.byteLength(part) > MOST_BYTES || UNFIT_TEXT.test(part)) throw new Refusal('mail.bad-text');
  }
}
