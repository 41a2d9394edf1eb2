/** What the network tells the phone by itself: prompts, messages, the wallet. */

import { takeSession } from './phone-session.js';

const ENDS = {
  paid: ['Payment sent. You will get an SMS.', 'good'],
  cancelled: ['The payment was cancelled.', undefined],
  'wrong-pin': ['Wrong PIN. Nothing was paid.', 'bad'],
  'no-funds': ['There is too little money in M-PESA. Nothing was paid.', 'bad'],
  expired: ['The request has expired. Nothing was paid.', 'bad'],
  failed: ['The payment failed. Nothing was paid.', 'bad'],
};

export function takeEvent(phone, event) {
  const { state } = phone;
  switch (event.type) {
    case 'state':
      takeState(phone, event);
      break;
    case 'session':
      takeSession(phone, event.session);
      break;
    case 'wallet':
      state.wallet = event;
      break;
    case 'message':
      state.messages = [...state.messages.filter(({ id }) => id !== event.message.id), event.message];
      phone.happened(`SMS from ${event.message.from}`, 'good');
      break;
    case 'prompt':
      state.prompts = [...state.prompts.filter(({ id }) => id !== event.prompt.id), event.prompt];
      phone.happened(`M-PESA asks for ${event.prompt.currency} ${event.prompt.amount}`);
      break;
    case 'prompt-closed':
      closePrompt(phone, event);
      break;
    case 'reset':
      Object.assign(state, { session: null, prompts: [], messages: [], pin: '', chosen: 0 });
      phone.happened('The simulator was reset');
      phone.show('idle');
      break;
  }
  phone.changed();
}

/** Sends the PIN or the refusal; what became of the prompt comes as an event. */
export async function answerPrompt(phone, answer) {
  const { state } = phone;
  const asked = phone.prompt();
  if (!asked) return;
  state.pin = '';
  state.prompts = state.prompts.filter(({ id }) => id !== asked.id);
  phone.note('M-PESA', 'cancel' in answer ? 'Cancelling...' : 'Please wait...');
  phone.changed();
  const sent = await phone.send(`prompts/${asked.id}`, { msisdn: state.msisdn, ...answer });
  if (sent.kind === 'no-signal') return phone.lostSignal();
  if (sent.status === 202) return;
  phone.note('M-PESA', 'The request has expired.');
  phone.changed();
}

function closePrompt(phone, { id, end, receipt }) {
  const { state } = phone;
  const wasShown = phone.prompt()?.id === id;
  state.prompts = state.prompts.filter((prompt) => prompt.id !== id);
  const [words, tone] = ENDS[end] ?? ENDS.failed;
  phone.happened(receipt ? `Paid, receipt ${receipt}` : words, tone);
  if (wasShown) state.pin = '';
  if (!phone.inSession()) phone.note('M-PESA', words);
}

function takeState(phone, { wallet, prompts, messages, session }) {
  const { state } = phone;
  Object.assign(state, { wallet, prompts, messages });
  if (session) takeSession(phone, session);
  else if (phone.inSession()) {
    // The session went while the line was down: how is not known.
    state.session = null;
    phone.note('Session closed', 'The session is over.');
  }
}
