/** The phone's keys: what each of them does on the screen that is up. It knows nothing of the page. */

import { answerPrompt, takeEvent } from './phone-events.js';
import { dial, endByUser, reply } from './phone-session.js';
import { makePhoneState } from './phone-state.js';

const LONGEST_DIAL = 182;
const PIN_DIGITS = 4;

const ACTIONS = { call: enter, ok: enter, end: hangUp, clear, 'soft-left': softLeft, 'soft-right': softRight };

export function makePhone(deps) {
  const phone = makePhoneState(deps);
  const { state, changed } = phone;
  return Object.assign(phone, {
    takeEvent: (event) => takeEvent(phone, event),
    press(key) {
      if (ACTIONS[key]) ACTIONS[key](phone);
      else type(phone, key);
      changed();
    },
    /** Replaces the character typed last, for keys that are pressed again to reach the next letter. */
    retype(character) {
      state.typed = state.typed.slice(0, -1);
      type(phone, character);
      changed();
    },
    /** Moves the choice in a list; false where the screen's text is to be scrolled instead. */
    move(step) {
      if (phone.prompt() || state.screen === 'session' || state.screen === 'message') return false;
      if (state.screen === 'idle') openInbox(phone);
      else if (state.screen === 'inbox') {
        state.chosen = Math.max(0, Math.min(state.messages.length - 1, state.chosen + step));
      }
      changed();
      return true;
    },
    /** Puts a code on the screen as if it had been typed, and calls it. */
    dialNow(code) {
      if (phone.inSession() || phone.prompt()) return;
      phone.show('dialling');
      state.typed = code;
      dial(phone);
      changed();
    },
    setLine(onLine) {
      state.onLine = onLine;
      changed();
    },
    /** Another SIM: nothing of the one before stays. */
    insert(msisdn) {
      Object.assign(state, { msisdn, session: null, prompts: [], pin: '', messages: [], notice: null, readUntil: 0 });
      phone.show('idle');
      changed();
    },
  });
}

function type(phone, character) {
  const { state } = phone;
  if (phone.prompt()) {
    if (/^\d$/.test(character) && state.pin.length < PIN_DIGITS) state.pin += character;
    return;
  }
  if (phone.inSession() && state.screen === 'session') {
    if (state.session.state === 'open' && state.typed.length < state.session.inputLimit) state.typed += character;
    return;
  }
  const isWaitingToConnect = state.screen === 'session' && state.session === null;
  if (isWaitingToConnect || !/^[\d*#+]$/.test(character)) return;
  if (state.screen !== 'dialling') phone.show('dialling');
  if (state.typed.length < LONGEST_DIAL) state.typed += character;
}

function enter(phone) {
  const { state } = phone;
  if (phone.prompt()) return state.pin.length === PIN_DIGITS ? answerPrompt(phone, { pin: state.pin }) : undefined;
  switch (state.screen) {
    case 'idle':
      return redial(phone);
    case 'dialling':
      return dial(phone);
    case 'session':
      if (phone.inSession()) return reply(phone);
      return state.session ? phone.show('idle') : undefined;
    case 'inbox':
      return openMessage(phone, state.chosen);
    case 'message':
      return openInbox(phone);
    default:
      return phone.show('idle');
  }
}

function redial(phone) {
  if (phone.state.lastDialled === '') return;
  phone.show('dialling');
  phone.state.typed = phone.state.lastDialled;
}

function hangUp(phone) {
  if (phone.prompt()) return answerPrompt(phone, { cancel: true });
  return phone.inSession() && phone.state.screen === 'session' ? endByUser(phone) : phone.show('idle');
}

function clear(phone) {
  const { state } = phone;
  if (phone.prompt()) state.pin = state.pin.slice(0, -1);
  else if (state.screen === 'dialling') {
    state.typed = state.typed.slice(0, -1);
    if (state.typed === '') phone.show('idle');
  } else if (state.screen === 'session' && phone.inSession()) state.typed = state.typed.slice(0, -1);
  else if (state.screen === 'message') openInbox(phone);
  else if (state.screen !== 'session' || state.session) phone.show('idle');
}

function softLeft(phone) {
  if (phone.prompt() || phone.state.screen !== 'idle') return enter(phone);
  return phone.unread().length === 1 ? openMessage(phone, 0) : openInbox(phone);
}

function softRight(phone) {
  const { screen } = phone.state;
  if (phone.prompt() || (screen === 'session' && phone.inSession())) return hangUp(phone);
  return screen === 'idle' ? redial(phone) : clear(phone);
}

function openInbox(phone) {
  phone.state.chosen = 0;
  phone.show('inbox');
}

function openMessage(phone, index) {
  const message = phone.newestFirst()[index];
  if (!message) return;
  phone.state.chosen = index;
  phone.state.readUntil = Math.max(phone.state.readUntil, message.at);
  phone.show('message');
}
