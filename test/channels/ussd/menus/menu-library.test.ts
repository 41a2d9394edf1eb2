import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { type MenuLibrary, openMenuLibrary, watchMenus } from '../../../../src/channels/ussd/index.ts';
import { sleep, systemClock } from '../../../../src/kernel/index.ts';
import { MENU_OPTIONS, MENU_PARTS, memoryArchive, ussdWorld } from '../ussd-world.ts';

describe('the library of menus', () => {
  let directory: string;
  let logged: string[];
  const archive = memoryArchive();
  const write = (_: object, message: string) => void logged.push(message);
  const log = { info: write, warn: write, error: write };
  const open = (): Promise<MenuLibrary> =>
    openMenuLibrary({ directory, parts: MENU_PARTS, options: MENU_OPTIONS, archive, log });
  const change = (from: string, to: string) => {
    const path = join(directory, 'texts/en/ussd.yaml');
    const text = readFileSync(path, 'utf8');
    if (!text.includes(from)) throw new Error(`no ${from}`);
    writeFileSync(path, text.replace(from, to));
  };

  beforeEach(() => {
    logged = [];
    archive.kept.clear();
    directory = mkdtempSync(join(tmpdir(), 'menus-'));
    cpSync('menus', directory, { recursive: true });
  });
  afterEach(() => rmSync(directory, { recursive: true }));

  it('names a version by its content, the same everywhere', async () => {
    const one = await open();
    const { hash } = one.current();
    expect((await open()).current().hash).to.equal(hash);
    expect([...archive.kept.keys()]).to.deep.equal([hash]);
    expect(await one.reload()).to.equal('same');
    change('Pay a bill', 'Pay your bill');
    expect(await one.reload()).to.equal('changed');
    expect(one.current().hash).not.to.equal(hash);
    expect(archive.kept.size).to.equal(2);
  });

  it('is not changed by texts that no screen shows', async () => {
    const library = await open();
    writeFileSync(
      join(directory, 'texts/en/sms.yaml'),
      `${readFileSync(join(directory, 'texts/en/sms.yaml'), 'utf8')}\n# new\n`,
    );
    expect(await library.reload()).to.equal('same');
  });

  it('refuses a broken file and keeps the old menu', async () => {
    const library = await open();
    const { hash } = library.current();
    change('Pay a bill', '{nothing}');
    expect(await library.reload()).to.equal('refused');
    expect(library.current().hash).to.equal(hash);
    expect(logged).to.deep.equal(['the changed menu was refused; the one in use stays']);
  });

  it('keeps a session on its version, also in a process that never had it', async () => {
    const old = await open();
    const world = await ussdWorld({ menus: old });
    const ann = world.phone();
    await ann.dial();
    change('Enter the {billerKind', 'Please type the {billerKind');
    expect(await old.reload()).to.equal('changed');
    const restarted = await open();
    const { handlers } = world;
    world.handlers = world.again({ menus: restarted });
    expect(restarted.held(old.current().hash)).not.to.equal(undefined);
    await ann.send('1');
    expect(await ann.send('2')).to.include('Enter the account number');
    world.handlers = handlers;
    const ben = world.phone('+254711000002');
    await ben.dial();
    await ben.send('1');
    expect(await ben.send('2')).to.include('Please type the account number');
  });

  it('starts a session again whose version is nowhere to be found', async () => {
    const old = await open();
    const world = await ussdWorld({ menus: old });
    const ann = world.phone();
    await ann.dial();
    await ann.send('1');
    archive.kept.clear();
    change('Pay a bill', 'Pay your bill');
    world.handlers = world.again({ menus: await open() });
    expect(await ann.send('2')).to.match(/^CON The menu has changed.*\nMalipo.*\n1 Pay your bill/);
    expect(await ann.send('1')).to.include('1 Jua Power');
  });

  it('loads a changed file by itself', async () => {
    const library = await open();
    const { hash } = library.current();
    const stop = watchMenus({ directory, library, clock: systemClock, log });
    try {
      change('Pay a bill', 'Pay your bill');
      for (let wait = 0; wait < 80 && library.current().hash === hash; wait += 1) await sleep(systemClock, 50);
      expect(library.current().hash).not.to.equal(hash);
    } finally {
      stop();
    }
  });
});
