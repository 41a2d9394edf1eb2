import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { makePhone, newAccount, type Phone } from '../support/dial.ts';
import { makeProcess, type Process } from '../support/kill.ts';
import { freePort } from '../support/private-program.ts';
import { environmentOf } from '../support/service.ts';
import { type Books, openBooks } from '../support/service-books.ts';
import { type SimulatorControl, simulatorControl } from '../support/service-control.ts';
import { eventually } from '../support/service-eventually.ts';
import { describeOnStores } from '../support/stores.ts';

/** The menus are in the working directory: the service runs in a folder with a copy of them. */
describeOnStores('a menu that changes while it runs', (stores) => {
  let folder: string;
  let running: Process;
  let books: Books;
  let control: SimulatorControl;
  let phone: () => Phone;

  before(async function () {
    this.timeout(120_000);
    folder = await mkdtemp(join(tmpdir(), 'malipo-test-'));
    await cp('menus', join(folder, 'menus'), { recursive: true });
    const ports = { web: await freePort(), simulator: await freePort() };
    const gateway = `http://127.0.0.1:${ports.web}`;
    books = await openBooks(stores());
    await books.database.migrate();
    control = simulatorControl(`http://127.0.0.1:${ports.simulator}`);
    phone = () => makePhone({ gateway, key: 'demo', control });
    const isUp = async () => {
      if (!(await fetch(`${gateway}/health/ready`)).ok) throw new Error('not ready');
    };
    running = makeProcess({ SIMULATORS: 'on', ...environmentOf(stores(), ports) }, isUp, { cwd: folder });
    await running.start();
  });
  after(async () => {
    await running?.kill();
    await books?.close();
    await rm(folder, { recursive: true, force: true });
  });

  async function edit(path: string, change: (text: string) => string): Promise<void> {
    const file = join(folder, 'menus', path);
    await writeFile(file, change(await readFile(file, 'utf8')));
  }

  it('is loaded for new sessions; those under way stay on theirs, also after kill -9', async function () {
    this.timeout(120_000);
    const [before, after] = [phone(), phone()];
    await before.dial().sees('1 Pay a bill');
    await edit('texts/en/ussd.yaml', (text) => text.replace('pay: Pay a bill', 'pay: Settle a bill'));
    await edit('main.yaml', (text) =>
      text
        .replace('{ key: 1, text: ussd.home.pay, to: pay-biller }', '{ key: 8, text: ussd.home.pay, to: pay-biller }')
        .replace('{ key: 6, text: ussd.home.help, to: help }', '{ key: 1, text: ussd.home.help, to: help }'),
    );
    await eventually('the new menu is shown', () => after.dial().sees('8 Settle a bill', '1 Help'));
    await before.choose('1').sees('Choose a company', '1 Jua Power');
    await before.choose('00').sees('1 Pay a bill');

    await running.kill();
    await running.start();
    if (stores().redisUrl) {
      // Sessions outlive the process, and so does the menu that they are on.
      await before.choose('1').sees('Choose a company', '1 Jua Power');
      await before.choose('2').sees('account number');
    }
    await phone().dial().sees('8 Settle a bill');
    const account = newAccount();
    const customer = phone();
    await customer.dial(`*384*123*8*2*${account}*500#`).sees('Pay KES 500.00');
    await customer.choose('1').ends('Ref M');
    await customer.gets('paid KES 500.00', account);
    await books.expectSound(control);
  });

  it('is not loaded when it does not hold together: the last good one stays', async function () {
    this.timeout(60_000);
    await edit('main.yaml', (text) => text.replace('to: pay-biller }', 'to: nowhere }'));
    await new Promise((resolve) => setTimeout(resolve, 1_500));
    await phone().dial().sees('8 Settle a bill');
    await phone().dial('*384*123*8#').sees('1 Jua Power');
    await edit('main.yaml', (text) => text.replace('to: nowhere }', 'to: pay-biller }'));
  });
});
