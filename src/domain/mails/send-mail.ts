import type { MailAnswer } from '../../providers/mail/index.ts';
import type { MailDeps } from './deps.ts';
import { type MailRow, MailSchema, mailStates } from './mail.ts';

/** Thrown to have the outbox try again later; the mail is queued, or may have been sent. */
class NotSentError extends Error {
  override readonly name = 'NotSentError';
}

/** Work of `mail.send`: hands one mail to the mail server. A lost answer is tried again under the same Message-ID. */
export async function sendMail(deps: MailDeps, { mailId }: { mailId: string }): Promise<void> {
  const mail = await beginSending(deps, mailId);
  if (!mail) return;
  const { sealing } = deps;
  const answer: MailAnswer = deps.mail
    ? await deps.mail.send({
        id: mail.id,
        to: mail.recipient,
        subject: sealing.open(mail.sealedSubject),
        text: sealing.open(mail.sealedText),
        ...(mail.sealedHtml === null ? {} : { html: sealing.open(mail.sealedHtml) }),
      })
    : { kind: 'later', description: 'mail is off' };
  await finish(deps, mail, answer);
  if (answer.kind === 'later' || answer.kind === 'unknown') throw new NotSentError(`not sent: ${answer.description}`);
}

function beginSending({ database }: MailDeps, id: string): Promise<MailRow | undefined> {
  return database.transaction(async (tx) => {
    const mail = await tx.lockOne(MailSchema, { id });
    if (!mail || mailStates.isFinal(mail.state)) return undefined;
    mailStates.assert(mail.state, 'sending');
    const patch = {
      state: 'sending' as const,
      attempts: mail.attempts + 1,
      // Still sending: the process that called the server died before it kept the answer.
      lostAnswers: mail.lostAnswers + (mail.state === 'sending' ? 1 : 0),
    };
    await tx.update(MailSchema, { id }, patch);
    return { ...mail, ...patch };
  });
}

async function finish({ database, runtime }: MailDeps, { id, attempts }: MailRow, answer: MailAnswer): Promise<void> {
  const now = runtime.clock.now();
  await database.transaction(async (tx) => {
    const mail = await tx.lockOne(MailSchema, { id });
    if (mail?.state !== 'sending') return;
    // A later call is under way since the lease ran out: that one decides, unless this one was taken.
    if (mail.attempts !== attempts && answer.kind !== 'accepted') return;
    const patch = patchFor(answer, mail, now);
    mailStates.assert(mail.state, patch.state ?? mail.state);
    await tx.update(MailSchema, { id }, patch);
  });
}

function patchFor(answer: MailAnswer, mail: MailRow, now: number): Partial<MailRow> {
  switch (answer.kind) {
    case 'accepted':
      return { state: 'sent', failure: null, sentAtMs: now, finishedAtMs: now };
    case 'rejected':
      return { state: 'failed', failure: answer.description.slice(0, 255), finishedAtMs: now };
    case 'later':
      return { state: 'queued', failure: answer.description.slice(0, 255) };
    case 'unknown':
      return { state: 'queued', failure: answer.description.slice(0, 255), lostAnswers: mail.lostAnswers + 1 };
  }
}
