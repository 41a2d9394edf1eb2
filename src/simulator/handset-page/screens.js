/** What the phone's display shows, as data (`describe`) and then in the page (`draw`). */

const clockFormat = new Intl.DateTimeFormat('en-GB', {
  hour: '2-digit',
  minute: '2-digit',
  timeZone: 'Africa/Nairobi',
});
const dateFormat = new Intl.DateTimeFormat('en-GB', {
  weekday: 'short',
  day: 'numeric',
  month: 'short',
  timeZone: 'Africa/Nairobi',
});

export function clock(at) {
  return clockFormat.format(at);
}

/**
 * @returns {{title?: string, parts: {text: string, kind?: string}[], centred?: boolean, input?: {shown: string, label: string},
 *   left?: string, right?: string, working?: boolean}}
 */
export function describe(phone, at, serviceCode) {
  const { state } = phone;
  const asked = phone.prompt();
  if (asked) return describePrompt(asked, state.pin);
  switch (state.screen) {
    case 'dialling':
      return { parts: [{ text: state.typed, kind: 'dialled' }], left: 'Call', right: 'Clear' };
    case 'session':
      return describeSession(state);
    case 'notice':
      return { title: state.notice.title, parts: [{ text: state.notice.text }], left: 'OK', right: 'Back' };
    case 'inbox':
      return describeInbox(phone);
    case 'message':
      return describeMessage(phone);
    default:
      return describeIdle(phone, at, serviceCode);
  }
}

function describeIdle(phone, at, serviceCode) {
  const unread = phone.unread().length;
  const hint = phone.state.onLine ? `Dial ${serviceCode}` : 'No service';
  const news = unread === 1 ? '1 new message' : `${unread} new messages`;
  return {
    centred: true,
    parts: [
      { text: clock(at), kind: 'big' },
      { text: dateFormat.format(at) },
      { text: unread > 0 ? news : hint, kind: unread > 0 ? undefined : 'faint' },
    ],
    left: unread === 1 ? 'Read' : 'Messages',
    right: phone.state.lastDialled === '' ? '' : 'Redial',
  };
}

function describePrompt(asked, pin) {
  const text = `Do you want to pay ${asked.currency} ${asked.amount} to ${asked.payTo}, account ${asked.account}?\n\nEnter M-PESA PIN:`;
  const shown = '*'.repeat(pin.length);
  return {
    title: 'M-PESA',
    parts: [{ text }],
    input: { shown, label: `PIN, ${pin.length} of 4 digits` },
    left: 'OK',
    right: 'Cancel',
  };
}

function describeSession({ session, typed }) {
  if (!session || session.state === 'waiting') {
    return { parts: [{ text: 'USSD code running...' }], centred: true, working: true, right: 'Cancel' };
  }
  if (session.state === 'closed') return { parts: [{ text: session.text }], left: 'OK', right: 'Back' };
  return { parts: [{ text: session.text }], input: { shown: typed, label: typed }, left: 'Send', right: 'Cancel' };
}

function describeInbox(phone) {
  const messages = phone.newestFirst();
  if (messages.length === 0) {
    return { title: 'Messages', centred: true, parts: [{ text: 'No messages', kind: 'faint' }], right: 'Back' };
  }
  const parts = messages.map((message, index) => ({
    text: `${clock(message.at)} ${message.from}`,
    kind: `row${index === phone.state.chosen ? ' chosen' : ''}${message.at > phone.state.readUntil ? ' unread' : ''}`,
  }));
  return { title: `Messages (${messages.length})`, parts, left: 'Read', right: 'Back' };
}

function describeMessage(phone) {
  const message = phone.newestFirst()[phone.state.chosen];
  if (!message) return { title: 'Messages', parts: [], right: 'Back' };
  return {
    title: `${message.from} ${clock(message.at)}`,
    parts: [{ text: message.text }],
    left: 'List',
    right: 'Back',
  };
}

let drawn = '';

/** Draws only what has changed, so that a screen reader does not hear the same screen again. */
export function draw(elements, shown) {
  const { title, screen, inputLine, input, softLeft, softRight } = elements;
  softLeft.textContent = shown.left ?? '';
  softRight.textContent = shown.right ?? '';
  inputLine.hidden = !shown.input;
  if (shown.input && input.textContent !== shown.input.shown) {
    input.textContent = shown.input.shown;
    input.setAttribute('aria-label', shown.input.label);
    inputLine.scrollTop = inputLine.scrollHeight;
  }
  const content = JSON.stringify([shown.title, shown.parts, shown.centred, shown.working]);
  if (content === drawn) return;
  drawn = content;
  title.textContent = shown.title ?? '';
  screen.classList.toggle('centred', shown.centred === true);
  screen.replaceChildren(...shown.parts.map(part), ...(shown.working ? [working()] : []));
  const chosen = screen.querySelector('.chosen');
  if (chosen) chosen.scrollIntoView({ block: 'nearest' });
  else screen.scrollTop = 0;
}

function part({ text, kind }) {
  const element = document.createElement(kind === undefined ? 'span' : 'div');
  if (kind !== undefined) element.className = kind;
  element.textContent = text;
  return element;
}

function working() {
  const element = document.createElement('span');
  element.className = 'working';
  element.setAttribute('aria-hidden', 'true');
  for (let count = 0; count < 4; count += 1) element.append(document.createElement('i'));
  return element;
}
