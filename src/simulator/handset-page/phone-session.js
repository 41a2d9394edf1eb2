/** The USSD session as the phone sees it: dialling, replying, and how a session ends. */

const RANKS = { waiting: 0, open: 1, closed: 2 };
const NO_SERVICE = 'Connection problem or invalid MMI code.';

export async function dial(phone) {
  const { state, happened } = phone;
  const dialled = state.typed;
  state.lastDialled = dialled;
  state.session = null;
  happened(`Dialled ${dialled}`);
  if (!/^\*.*#$/.test(dialled)) {
    return phone.note('Call ended', 'This phone speaks USSD only: codes start with * and end with #.');
  }
  phone.show('session');
  phone.changed();
  const answer = await phone.send('dial', { msisdn: state.msisdn, network: state.network, dialled });
  if (answer.kind === 'no-signal') return phone.lostSignal();
  if (answer.status === 200 && !answer.body.refused) return takeSession(phone, answer.body);
  const isOthers = answer.body.refused === 'not-ours';
  happened(isOthers ? 'The network knows no service behind that code' : 'That is no USSD code', 'bad');
  phone.note('', NO_SERVICE);
  phone.changed();
}

export async function reply(phone) {
  const { state } = phone;
  const { session, typed } = state;
  if (session?.state !== 'open') return;
  state.session = { ...session, state: 'waiting' };
  state.typed = '';
  phone.changed();
  const answer = await phone.send('reply', { msisdn: state.msisdn, sessionId: session.id, text: typed });
  if (answer.kind === 'no-signal') phone.lostSignal();
  else if (answer.status === 200) takeSession(phone, answer.body);
}

export async function endByUser(phone) {
  const { state } = phone;
  const answer = await phone.send('cancel', { msisdn: state.msisdn, sessionId: state.session?.id ?? '' });
  if (answer.kind === 'no-signal') phone.lostSignal();
  else if (answer.status === 200) takeSession(phone, answer.body);
}

/** The same view can come as an answer and as an event, in any order: an older one is dropped. */
export function takeSession(phone, view) {
  const { state } = phone;
  const before = state.session?.id === view.id ? state.session : undefined;
  if (before && isOlder(view, before)) return;
  if (!before && view.state === 'closed' && state.screen !== 'session') return;
  const isNews = !before || view.hops !== before.hops || view.state !== before.state;
  state.session = view;
  state.takenAt = phone.now();
  if (!isNews) return;
  if (view.state === 'closed') showEnd(phone, view);
  else phone.show('session');
  if (view.state === 'open') phone.happened(`Screen ${view.hops}, answered in ${view.answerMs} ms`);
  phone.changed();
}

function isOlder(view, before) {
  return view.hops < before.hops || (view.hops === before.hops && RANKS[view.state] < RANKS[before.state]);
}

function showEnd(phone, view) {
  if (view.end === 'ended') {
    phone.show('session');
    return phone.happened('The gateway ended the session');
  }
  phone.happened(view.why ?? 'The session was closed', view.end === 'cancelled' ? undefined : 'bad');
  if (view.end === 'cancelled') phone.show('idle');
  else if (view.end === 'idle') phone.note('Session closed', 'No reply in time. The network has closed the session.');
  else if (view.end === 'too-long') phone.note('Session closed', 'The longest time of a session is over.');
  else phone.note('', NO_SERVICE);
}
