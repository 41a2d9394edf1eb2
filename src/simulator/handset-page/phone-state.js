/** What the phone knows, and the few words for it that its other parts share. */

/** The gateway's last words stay so long before a prompt covers them, unless the person reads faster. */
const LAST_WORDS_MS = 2500;

/**
 * `send` posts to the network, `changed` redraws, `happened` tells the person beside the phone, `now` is the page's clock.
 */
export function makePhoneState({ send, changed, happened, now }) {
  const state = {
    msisdn: '',
    network: 'safaricom',
    /** idle | dialling | session | notice | inbox | message */
    screen: 'idle',
    typed: '',
    letters: false,
    session: null,
    /** When the session's view was taken, on the page's own clock. */
    takenAt: 0,
    prompts: [],
    pin: '',
    notice: null,
    messages: [],
    readUntil: 0,
    chosen: 0,
    lastDialled: '',
    onLine: false,
    wallet: null,
  };
  const show = (screen) => {
    state.screen = screen;
    state.typed = '';
  };
  const inSession = () => state.session !== null && state.session.state !== 'closed';
  const isReadingLastWords = () =>
    state.screen === 'session' && state.session?.end === 'ended' && now() - state.takenAt < LAST_WORDS_MS;
  return {
    state,
    send,
    changed,
    happened,
    now,
    show,
    inSession,
    note(title, text) {
      state.notice = { title, text };
      show('notice');
    },
    /** The prompt on the screen: none while a USSD session holds it, or its last words have just come. */
    prompt: () => (inSession() || isReadingLastWords() ? undefined : state.prompts[0]),
    unread: () => state.messages.filter(({ at }) => at > state.readUntil),
    newestFirst: () => [...state.messages].reverse(),
    lostSignal() {
      happened('The simulator cannot be reached', 'bad');
      state.session = null;
      this.note('No service', 'The simulator cannot be reached.');
      changed();
    },
  };
}
