/**
 * The phone's own behaviour: which screen is up, what each key does on it, and what the network's events change.
 * It knows nothing of the page: it is given `send` and tells `changed` and `happened`.
 */

const RANKS = { waiting: 0, open: 1, closed: 2 };
const LONGEST_DIAL = 182;
const PIN_DIGITS = 4;

export function makePhone({ send, changed, happened, now }) {
  const state = {
    msisdn: '',
    network: 'safaricom',
    /** idle | dialling | session | notice | inbox | message */
    screen: 'idle',
    typed: '',
    letters: false,
    session: null,
    /** When the session view was taken, on the page's own clock. */
    takenAt: 0,
    prompts: [],
    pin: '',
    notice: null,
    messages: [],
    readUntil: 0,
    chosen: 0,
    lastDialled: '',
    onLine: false,
  };

  const show = (screen) => {
    state.screen = screen;
    state.typed = '';
  };
  const note = (title, text) => {
    state.notice = { title, text };
    show('notice');
  };
  const prompt = () => (state.session && state.session.state !== 'closed' ? undefined : state.prompts[0]);

  async function dial() {
    const dialled = state.typed;
    state.lastDialled = dialled;
    state.session = null;
    happened(`Dialled ${dialled}`);
    if (!/^\*.*#$/.test(dialled))
      return note('Call ended', 'This phone speaks USSD only: codes start with * and end with #.');
    show('session');
    changed();
    const answer = await send('dial', { msisdn: state.msisdn, network: state.network, dialled });
    if (answer.kind === 'no-signal') return lostSignal();
    if (answer.status === 200 && !answer.body.refused) return takeSession(answer.body);
    happened(
      answer.body.refused === 'not-ours' ? 'The network knows no service behind that code' : 'That is no USSD code',
      'bad',
    );
    note('', 'Connection problem or invalid MMI code.');
    changed();
  }

  async function reply() {
    const { session, typed } = state;
    if (session?.state !== 'open') return;
    state.session = { ...session, state: 'waiting' };
    state.typed = '';
    changed();
    const answer = await send('reply', { msisdn: state.msisdn, sessionId: session.id, text: typed });
    if (answer.kind === 'no-signal') return lostSignal();
    if (answer.status === 200) takeSession(answer.body);
  }

  function lostSignal() {
    happened('The simulator cannot be reached', 'bad');
    state.session = null;
    note('No service', 'The simulator cannot be reached.');
    changed();
  }

  /** The same view can come as an answer and as an event, in any order: an older one is dropped. */
  function takeSession(view) {
    const before = state.session;
    const same = before && before.id === view.id;
    if (same && (view.hops < before.hops || (view.hops === before.hops && RANKS[view.state] < RANKS[before.state])))
      return;
    const isNews = !same || view.hops !== before.hops || view.state !== before.state || before.end !== view.end;
    if (!same && view.state === 'closed' && state.screen !== 'session') return;
    state.session = view;
    state.takenAt = now();
    if (!isNews) return;
    if (view.state === 'waiting') {
      state.notice = null;
      show('session');
    }
    if (view.state === 'open') {
      show('session');
      happened(`Screen ${view.hops}, answered in ${view.answerMs} ms`);
    }
    if (view.state === 'closed') endSession(view);
    changed();
  }

  function endSession(view) {
    if (view.end === 'ended') {
      show('session');
      return happened('The gateway ended the session');
    }
    happened(view.why ?? 'The session was closed', view.end === 'cancelled' ? undefined : 'bad');
    if (view.end === 'cancelled') show('idle');
    else if (view.end === 'idle') note('Session closed', 'No reply in time. The network has closed the session.');
    else if (view.end === 'too-long') note('Session closed', 'The longest time of a session is over.');
    else note('', 'Connection problem or invalid MMI code.');
  }

  async function answerPrompt(answer) {
    const asked = prompt();
    if (!asked) return;
    state.pin = '';
    state.prompts = state.prompts.filter(({ id }) => id !== asked.id);
    note('M-PESA', 'cancel' in answer ? 'Cancelling...' : 'Please wait...');
    changed();
    const sent = await send(`prompts/${asked.id}`, { msisdn: state.msisdn, ...answer });
    if (sent.kind === 'no-signal') return lostSignal();
    if (sent.status === 202) return;
    note('M-PESA', 'The request has expired.');
    changed();
  }

  const ENDS = {
    paid: ['Payment sent. You will get an SMS.', 'good'],
    cancelled: ['The payment was cancelled.', undefined],
    'wrong-pin': ['Wrong PIN. Nothing was paid.', 'bad'],
    'no-funds': ['There is too little money in M-PESA. Nothing was paid.', 'bad'],
    expired: ['The request has expired. Nothing was paid.', 'bad'],
    failed: ['The payment failed. Nothing was paid.', 'bad'],
  };

  function takeEvent(event) {
    if (event.type === 'state') takeState(event);
    if (event.type === 'session') takeSession(event.session);
    if (event.type === 'wallet') state.wallet = event;
    if (event.type === 'message') {
      state.messages = [...state.messages.filter(({ id }) => id !== event.message.id), event.message];
      happened(`SMS from ${event.message.from}`, 'good');
    }
    if (event.type === 'prompt') {
      state.prompts = [...state.prompts.filter(({ id }) => id !== event.prompt.id), event.prompt];
      happened(`M-PESA asks for ${event.prompt.currency} ${event.prompt.amount}`);
    }
    if (event.type === 'prompt-closed') {
      state.prompts = state.prompts.filter(({ id }) => id !== event.id);
      const [words, tone] = ENDS[event.end] ?? ENDS.failed;
      happened(event.receipt ? `Paid, receipt ${event.receipt}` : words, tone);
      state.pin = '';
      if (!state.session || state.session.state === 'closed') note('M-PESA', words);
    }
    if (event.type === 'reset') {
      Object.assign(state, { session: null, prompts: [], messages: [], pin: '', chosen: 0 });
      happened('The simulator was reset');
      show('idle');
    }
    changed();
  }

  function takeState({ wallet, prompts, messages, session }) {
    Object.assign(state, { wallet, prompts, messages });
    if (session) takeSession(session);
    else if (state.session && state.session.state !== 'closed') {
      // The session went while the line was down: how is not known.
      state.session = null;
      note('Session closed', 'The session is over.');
    }
  }

  const unread = () => state.messages.filter(({ at }) => at > state.readUntil);
  const newestFirst = () => [...state.messages].reverse();

  function openMessage(index) {
    const message = newestFirst()[index];
    if (!message) return;
    state.chosen = index;
    state.readUntil = Math.max(state.readUntil, message.at);
    show('message');
  }

  function openInbox() {
    state.chosen = 0;
    show('inbox');
  }

  function type(character) {
    if (prompt()) {
      if (/\d/.test(character) && state.pin.length < PIN_DIGITS) state.pin += character;
      return;
    }
    if (state.screen === 'session' && state.session?.state === 'open') {
      if (state.typed.length < state.session.inputLimit) state.typed += character;
      return;
    }
    if (state.screen === 'session' && state.session?.state !== 'closed') return;
    if (!/[\d*#+]/.test(character)) return;
    if (state.screen !== 'dialling') show('dialling');
    if (state.typed.length < LONGEST_DIAL) state.typed += character;
  }

  /** Replaces the character typed last, for keys that are pressed again to reach the next letter. */
  function retype(character) {
    if (state.typed === '') return type(character);
    state.typed = state.typed.slice(0, -1) + character;
  }

  function enter() {
    if (prompt()) return state.pin.length === PIN_DIGITS ? answerPrompt({ pin: state.pin }) : undefined;
    switch (state.screen) {
      case 'idle':
        if (state.lastDialled === '') return;
        show('dialling');
        state.typed = state.lastDialled;
        return;
      case 'dialling':
        return state.typed === '' ? show('idle') : dial();
      case 'session':
        return state.session?.state === 'open' ? reply() : state.session?.state === 'closed' ? show('idle') : undefined;
      case 'inbox':
        return openMessage(state.chosen);
      case 'message':
        return openInbox();
      default:
        return show('idle');
    }
  }

  function hangUp() {
    if (prompt()) return answerPrompt({ cancel: true });
    const { session } = state;
    if (state.screen !== 'session' || !session || session.state === 'closed') return show('idle');
    return send('cancel', { msisdn: state.msisdn, sessionId: session.id }).then((answer) => {
      if (answer.kind === 'no-signal') lostSignal();
      else if (answer.status === 200) takeSession(answer.body);
    });
  }

  function clear() {
    if (prompt()) state.pin = state.pin.slice(0, -1);
    else if (state.screen === 'dialling') {
      state.typed = state.typed.slice(0, -1);
      if (state.typed === '') show('idle');
    } else if (state.screen === 'session' && state.session?.state === 'open') state.typed = state.typed.slice(0, -1);
    else if (state.screen === 'message') openInbox();
    else if (state.screen !== 'session' || state.session?.state === 'closed') show('idle');
  }

  function softLeft() {
    const isIdle = !prompt() && state.screen === 'idle';
    if (!isIdle) return enter();
    const count = unread().length;
    if (count === 1) openMessage(0);
    else openInbox();
  }

  function softRight() {
    if (prompt()) return hangUp();
    if (state.screen === 'session' && state.session?.state !== 'closed') return hangUp();
    if (state.screen === 'idle') return enter();
    return clear();
  }

  /** Moves the choice in a list; false where the screen's text is to be scrolled instead. */
  function move(step) {
    if (prompt() || state.screen === 'session' || state.screen === 'message') return false;
    if (state.screen === 'idle') openInbox();
    else if (state.screen === 'inbox') {
      state.chosen = Math.max(0, Math.min(state.messages.length - 1, state.chosen + step));
    }
    return true;
  }

  const ACTIONS = { call: enter, ok: enter, end: hangUp, clear, 'soft-left': softLeft, 'soft-right': softRight };

  return {
    state,
    prompt,
    unread,
    newestFirst,
    takeEvent,
    retype,
    move,
    press(key) {
      if (ACTIONS[key]) ACTIONS[key]();
      else type(key);
      changed();
    },
    /** Puts a code on the screen as if it had been typed, and calls it. */
    dialNow(code) {
      const busy = state.session && state.session.state !== 'closed';
      if (busy || prompt()) return;
      show('dialling');
      state.typed = code;
      dial();
      changed();
    },
    setLine(onLine) {
      state.onLine = onLine;
      changed();
    },
    /** Another SIM: nothing of the one before stays. */
    insert(msisdn) {
      Object.assign(state, { msisdn, session: null, prompts: [], pin: '', messages: [], notice: null, readUntil: 0 });
      show('idle');
      changed();
    },
  };
}
