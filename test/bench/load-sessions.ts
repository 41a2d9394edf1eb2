import { DIALOGS, type DialogName } from './dialogs.ts';

/** One caller in the middle of a dialog. */
export interface LoadSession {
  readonly form: string;
  readonly dialog: DialogName;
  /** The step that comes next. */
  next: number;
  /** All inputs so far, joined by `*`, as the gateway resends them. */
  text: string;
}

const SERVICE_CODE = encodeURIComponent('*384*123#');
let made = 0;

/** Every one has a number of its own: who dials again soon would be asked whether to go on. */
export function newSession(dialog: DialogName): LoadSession {
  made += 1;
  const number = String((process.pid % 100) * 1_000_000 + (made % 1_000_000)).padStart(8, '0');
  const sessionId = `ATUid_${process.pid.toString(16).padStart(8, '0')}${made.toString(16).padStart(24, '0')}`;
  const form = `sessionId=${sessionId}&phoneNumber=%2B2547${number}&networkCode=63902&serviceCode=${SERVICE_CODE}&text=`;
  return { form, dialog, next: 0, text: '' };
}

/** The body of the session's next request, and the answer that it must get. */
export function nextHop(session: LoadSession): { body: string; sees: string } {
  const step = DIALOGS[session.dialog][session.next];
  if (!step) throw new Error('the dialog is over');
  session.text = session.next <= 1 ? step.input : `${session.text}*${step.input}`;
  session.next += 1;
  return { body: session.form + session.text, sees: step.sees };
}
