import express from 'express';
import { Redis } from 'ioredis';
import UssdMenu from 'ussd-menu-builder';
import { makeLookup } from './biller-lookup.ts';
import { ACCOUNT, amountScreen, confirmScreen, SCREENS, type StaticScreen, WAYS } from './dialogs.ts';
import { readAddresses } from './server-addresses.ts';

/**
 * The peer: the npm package ussd-menu-builder on Express, as its README shows it, with the session in Redis: one read and
 * one write a hop, through the session handlers that the package asks for. An instance of the menu keeps the request under way in
 * its own fields, so two requests at once would get each other's answers: each takes an instance of its own from a pool.
 */
const { port, redisUrl, billerUrl } = readAddresses();
const redis = new Redis(redisUrl);
const lookUp = makeLookup(billerUrl);
const keyOf = (sessionId: string) => `peer:${sessionId}`;

function makeMenu(): UssdMenu {
  const menu = new UssdMenu();
  menu.sessionConfig({
    // A hash comes into being with its first field: nothing to start, and no round trip for it.
    start: async () => {},
    end: (sessionId: string) => redis.del(keyOf(sessionId)),
    get: (sessionId: string, field: string) => redis.hget(keyOf(sessionId), field),
    set: (sessionId: string, field: string, value: string) =>
      redis.pipeline().hset(keyOf(sessionId), field, value).expire(keyOf(sessionId), 600).exec(),
  });
  const nameOf = (screen: StaticScreen) => (screen === 'home' ? UssdMenu.START_STATE : screen);
  for (const screen of Object.keys(SCREENS) as StaticScreen[]) {
    const next: Record<string, string> = {};
    for (const [input, to] of Object.entries(WAYS[screen])) next[input] = nameOf(to);
    if (screen === 'payAccount') next['*^\\d{6,10}$'] = 'payAmount';
    const run = async () => {
      await menu.session.get('at');
      await menu.session.set('at', screen);
      menu.con(SCREENS[screen]);
    };
    menu.state(nameOf(screen), { run, next });
  }
  addPayment(menu);
  return menu;
}

function addPayment(menu: UssdMenu): void {
  menu.state('payAmount', {
    async run() {
      const account = menu.val;
      await menu.session.get('at');
      const { holder, due } = await lookUp(account);
      await menu.session.set('holder', holder);
      menu.con(amountScreen(account, holder, due));
    },
    next: { 0: 'payAccount', '00': UssdMenu.START_STATE, '*^\\d+$': 'payConfirm' },
  });
  menu.state('payConfirm', {
    async run() {
      const holder = String(await menu.session.get('holder'));
      await menu.session.set('amount', menu.val);
      menu.con(confirmScreen(ACCOUNT, holder, `${menu.val}.00`));
    },
    next: { 0: 'payAmount', '00': UssdMenu.START_STATE },
  });
}

const idle: UssdMenu[] = [];
const app = express();
app.use(express.urlencoded({ extended: false }));
app.post('/ussd/africastalking/:key', async (req, res) => {
  const menu = idle.pop() ?? makeMenu();
  const answer: string = await menu.run(req.body);
  idle.push(menu);
  res.type('text/plain').send(answer);
});
app.listen(port, '127.0.0.1');
