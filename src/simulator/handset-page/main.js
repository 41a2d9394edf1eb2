import { attachKeypad } from './keypad.js';
import { listen, readPhone, send } from './line.js';
import { attachNumber, drawPanel, emptyLog, fillCodes, fillNetworks, happened } from './panel.js';
import { makePhone } from './phone.js';
import { clock, describe, draw } from './screens.js';

const DEFAULT_NUMBER = '+254711000001';
const REDRAW_MS = 250;

const byId = (id) => document.getElementById(id);
const now = () => performance.now();

const elements = {
  title: byId('title'),
  screen: byId('screen'),
  inputLine: byId('input-line'),
  input: byId('input'),
  softLeft: byId('soft-left-label'),
  softRight: byId('soft-right-label'),
};

/** Small things that outlive a reload, where the browser allows it. */
const memory = {
  get(name) {
    try {
      return localStorage.getItem(`handset.${name}`) ?? undefined;
    } catch {
      return undefined;
    }
  },
  set(name, value) {
    try {
      localStorage.setItem(`handset.${name}`, value);
    } catch {
      // A private window: the page works without.
    }
  },
};

const asked = new URLSearchParams(location.search);
const settings = await readPhone();
const limits = () => settings.networks.find(({ id }) => id === phone.state.network) ?? settings.networks[0];
let hangUpLine = () => {};

const phone = makePhone({
  send,
  now,
  changed: redraw,
  happened: (words, tone) => happened(Date.now(), words, tone),
});

function redraw() {
  const { state } = phone;
  const at = Date.now();
  const shown = describe(phone, at, settings.serviceCode);
  draw(elements, shown);
  byId('clock').textContent = clock(at);
  byId('carrier').textContent = state.onLine ? limits().name : 'No service';
  byId('bars').dataset.line = state.onLine ? 'up' : 'lost';
  const unread = phone.unread().length;
  byId('envelope').hidden = unread === 0;
  byId('unread').textContent = String(unread);
  byId('mode').textContent = state.letters ? 'abc' : '123';
  byId('mode').dataset.mode = state.letters ? 'abc' : '123';
  byId('mode').setAttribute('aria-label', `Input mode: ${state.letters ? 'letters' : 'digits'}`);
  byId('soft-left').setAttribute('aria-label', shown.left || 'Left key');
  byId('soft-right').setAttribute('aria-label', shown.right || 'Right key');
  byId('lcd').dataset.screen = phone.prompt() ? 'prompt' : state.screen;
  drawPanel(phone, limits(), settings.pin, now() - state.takenAt);
  memory.set('last-dialled', state.lastDialled);
  if (state.readUntil > 0) memory.set(`read-until.${state.msisdn}`, String(state.readUntil));
}

function use(number) {
  hangUpLine();
  phone.insert(number);
  phone.state.readUntil = Number(memory.get(`read-until.${number}`) ?? 0);
  byId('msisdn').value = number;
  memory.set('number', number);
  hangUpLine = listen(number, phone.takeEvent, phone.setLine);
}

function choose(network) {
  phone.state.network = network;
  memory.set('network', network);
  redraw();
}

const network = asked.get('network') ?? memory.get('network');
phone.state.network = settings.networks.some(({ id }) => id === network) ? network : 'safaricom';
phone.state.lastDialled = memory.get('last-dialled') ?? '';
emptyLog();
fillCodes(settings.serviceCode, phone.dialNow);
fillNetworks(settings.networks, phone.state.network, choose);
attachNumber(use);
attachKeypad({ phone, screen: elements.screen, buttons: [...document.querySelectorAll('[data-key]')], now });
byId('mode').addEventListener('click', (event) => {
  if (event.detail > 0) byId('mode').blur();
  phone.state.letters = !phone.state.letters;
  redraw();
});
use(asked.get('msisdn') ? `+${asked.get('msisdn').replace(/\D/g, '')}` : (memory.get('number') ?? DEFAULT_NUMBER));
setInterval(redraw, REDRAW_MS);
