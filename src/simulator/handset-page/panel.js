/** What stands beside the phone: codes to dial, the SIM card, the session's gauges, and what happened. */

const MOST_LINES = 30;
const timeFormat = new Intl.DateTimeFormat('en-GB', {
  hour: '2-digit',
  minute: '2-digit',
  second: '2-digit',
  timeZone: 'Africa/Nairobi',
});

const byId = (id) => document.getElementById(id);

/** Dial strings of the demo, relative to the service code. */
const CODES = [
  ['', 'The menu'],
  ['1*2*100200300', 'Water bill, 1,250 due'],
  ['1*2*100200300*500', 'Pay 500 of it'],
  ['1*1*04123456789*200', 'Electricity for 200'],
  ['1*2*999000111', 'An account that is not there'],
];

export function fillCodes(serviceCode, dial) {
  const items = CODES.map(([rest, words]) => {
    const code = rest === '' ? serviceCode : `${serviceCode.slice(0, -1)}*${rest}#`;
    const item = document.createElement('li');
    const button = document.createElement('button');
    button.type = 'button';
    button.append(textElement('code', code), textElement('span', words));
    button.addEventListener('click', () => {
      button.blur();
      dial(code);
    });
    item.append(button);
    return item;
  });
  byId('codes').replaceChildren(...items);
}

export function fillNetworks(networks, chosen, choose) {
  const labels = networks.map(({ id, name, septets }) => {
    const label = document.createElement('label');
    const input = document.createElement('input');
    Object.assign(input, { type: 'radio', name: 'network', value: id, checked: id === chosen });
    input.addEventListener('change', () => choose(id));
    label.title = `${septets} characters a screen`;
    label.append(input, textElement('span', name));
    return label;
  });
  byId('networks').replaceChildren(...labels);
}

export function attachNumber(use) {
  byId('number-form').addEventListener('submit', (event) => {
    event.preventDefault();
    const given = byId('msisdn').value.replace(/[\s()-]/g, '');
    const number = /^0\d{9}$/.test(given) ? `+254${given.slice(1)}` : given.startsWith('+') ? given : `+${given}`;
    const isNumber = /^\+[1-9]\d{6,14}$/.test(number);
    byId('number-fault').hidden = isNumber;
    byId('msisdn').setAttribute('aria-invalid', String(!isNumber));
    if (!isNumber) return;
    byId('msisdn').blur();
    use(number);
  });
}

export function happened(at, words, tone) {
  const line = document.createElement('li');
  if (tone) line.dataset.tone = tone;
  line.append(textElement('time', timeFormat.format(at)), textElement('span', words));
  const log = byId('log');
  log.querySelector('.none')?.remove();
  log.prepend(line);
  while (log.children.length > MOST_LINES) log.lastElementChild.remove();
}

export function emptyLog() {
  const line = document.createElement('li');
  line.className = 'none';
  line.textContent = 'Nothing yet. Dial a code above, or type one.';
  byId('log').replaceChildren(line);
}

/** @param limits of the chosen network, shown before there is a session */
export function drawPanel(phone, limits, pin, elapsedMs) {
  const { session, wallet } = phone.state;
  byId('pin').textContent = pin;
  byId('wallet').textContent = wallet ? `${wallet.currency} ${grouped(wallet.balance)}` : '-';
  const live = session !== null && session.state !== 'closed';
  const label = !session ? 'none' : session.state === 'closed' ? 'closed' : session.state;
  const failed = session?.end !== undefined && session.end !== 'ended' && session.end !== 'cancelled';
  const pill = byId('session-state');
  pill.textContent = label;
  pill.dataset.state = failed ? 'failed' : label;
  const asked = phone.prompt() !== undefined;
  byId('why').textContent = asked ? `M-PESA asks for the PIN: ${pin} pays, any other is wrong.` : whyOf(session);
  const budget = session?.budget ?? { encoding: 'GSM-7', used: 0, limit: limits.septets };
  byId('encoding').textContent = budget.encoding;
  gauge('budget', budget.used, budget.limit, `${budget.used} / ${budget.limit}`, budget.used > budget.limit);
  const idleLeft = live && session.state === 'open' ? Math.max(0, session.idleLeftMs - elapsedMs) / 1_000 : undefined;
  const idleMost = (session?.idleLimitMs ?? limits.idleMs) / 1_000;
  gauge('idle', idleLeft ?? 0, idleMost, idleLeft === undefined ? `${idleMost} s` : `${Math.ceil(idleLeft)} s`);
  const lifeLeft = live ? Math.max(0, session.sessionLeftMs - elapsedMs) / 1_000 : undefined;
  gauge('life', lifeLeft ?? 0, 180, lifeLeft === undefined ? '180 s' : `${Math.ceil(lifeLeft)} s`);
  const hop = session && session.hops > 0 && session.state !== 'waiting';
  byId('hop').textContent = hop ? `Hop ${session.hops}, answered in ${session.answerMs} ms` : '';
}

function whyOf(session) {
  if (!session || session.end === 'cancelled') return '';
  const cut = session.cutOff > 0 ? `The network cuts ${session.cutOff} characters off this screen.` : '';
  return session.why ?? cut;
}

function gauge(id, value, most, words, over = false) {
  const meter = byId(id);
  meter.max = most;
  meter.value = Math.min(value, most);
  const output = byId(`${id}-text`);
  if (output.textContent !== words) output.textContent = words;
  meter.dataset.over = over ? 'yes' : 'no';
  output.dataset.over = meter.dataset.over;
}

function grouped(decimal) {
  const [whole, fraction] = decimal.split('.');
  const spaced = whole.replace(/\B(?=(\d{3})+$)/g, ',');
  return fraction === undefined ? spaced : `${spaced}.${fraction}`;
}

function textElement(name, text) {
  const element = document.createElement(name);
  element.textContent = text;
  return element;
}
