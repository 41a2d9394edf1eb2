import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { parse, stringify } from 'yaml';
import { loadMenu, MenuError } from '../../../../src/channels/ussd/menus/index.ts';
import { TextsError } from '../../../../src/platform/texts/index.ts';
import { MENU_OPTIONS, MENU_PARTS } from '../ussd-world.ts';

// biome-ignore lint/suspicious/noExplicitAny: a menu that is about to be broken has no type
type Loose = any;

describe('the proof of a menu', () => {
  let directory: string;

  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), 'menus-'));
    cpSync('menus', directory, { recursive: true });
  });
  afterEach(() => rmSync(directory, { recursive: true }));

  const edit = (file: string, change: (document: Loose) => void) => {
    const path = join(directory, file);
    const document = parse(readFileSync(path, 'utf8'));
    change(document);
    writeFileSync(path, stringify(document));
  };
  const problems = (): string => {
    try {
      loadMenu(directory, MENU_PARTS, MENU_OPTIONS);
    } catch (error) {
      if (error instanceof MenuError || error instanceof TextsError) return error.problems.join('\n');
      throw error;
    }
    return '';
  };
  const broken = (change: (menu: Loose) => void): string => {
    edit('main.yaml', change);
    return problems();
  };

  it('passes the menus of the service', () => {
    expect(problems()).to.equal('');
  });

  it('finds a screen that cannot be reached, and a way that leads nowhere', () => {
    expect(broken((menu) => menu.nodes.home.choices.splice(5, 1))).to.match(/main\.yaml: help: cannot be reached/);
    expect(broken((menu) => (menu.nodes.home.choices[0].to = 'nowhere'))).to.include('leads to nowhere');
  });

  it('finds keys that collide or are reserved', () => {
    for (const [key, problem] of [
      [1, 'home: key 1 is used twice'],
      [98, 'home: key 98 is reserved'],
      ['0', 'home: key 0 is reserved'],
      ['00', 'home: key 00 is reserved'],
      ['x', 'home: key x is not a number'],
    ] as const) {
      expect(broken((menu) => (menu.nodes.home.choices[1].key = key))).to.include(problem);
    }
    expect(broken((menu) => (menu.nodes.accounts.choices[0].key = 7))).to.include(
      'accounts: key 7 collides with the items',
    );
  });

  it('finds unknown actions and checks, outcomes that are not bound and outcomes that there are not', () => {
    expect(broken((menu) => (menu.nodes['pay-lookup'].run = 'guess'))).to.include('unknown action guess');
    cpSync('menus', directory, { recursive: true });
    expect(broken((menu) => delete menu.nodes['pay-lookup'].on.closed)).to.include(
      'outcome closed of look-up-account is not bound',
    );
    cpSync('menus', directory, { recursive: true });
    expect(broken((menu) => (menu.nodes['pay-lookup'].on.never = 'home'))).to.include('has no outcome never');
    cpSync('menus', directory, { recursive: true });
    expect(broken((menu) => (menu.nodes['pay-account'].check = 'guess'))).to.include('unknown check guess');
  });

  it('finds money that moves without a confirmation', () => {
    expect(broken((menu) => (menu.nodes['pay-check'].on.ok = 'pay-request'))).to.include(
      'pay-request: request-payment moves money, but pay-check leads to it without a confirmation',
    );
  });

  it('finds a secret that would be kept, or lost', () => {
    expect(broken((menu) => (menu.nodes['pin-new'].as = 'nickname'))).to.include('must not keep its input');
    cpSync('menus', directory, { recursive: true });
    expect(broken((menu) => (menu.nodes['pin-new'].secret = false))).to.include(
      'a PIN must be asked on a secret screen',
    );
    cpSync('menus', directory, { recursive: true });
    expect(broken((menu) => (menu.nodes['pin-new'].to = 'home'))).to.include(
      'must lead to an action that takes a secret',
    );
  });

  it('finds variables that are not declared, not used, or not certain to be set', () => {
    expect(broken((menu) => delete menu.variables.holder)).to.include('{holder}, which is not declared');
    cpSync('menus', directory, { recursive: true });
    expect(broken((menu) => (menu.variables.extra = { kind: 'money' }))).to.include(
      'extra is declared, but never used',
    );
    cpSync('menus', directory, { recursive: true });
    expect(broken((menu) => (menu.nodes.home.choices[0].to = 'pay-account'))).to.include('biller may not be set here');
    cpSync('menus', directory, { recursive: true });
    expect(broken((menu) => (menu.variables.holder = { kind: 'hidden' }))).to.include(
      'shows {holder}, which is a hidden variable',
    );
  });

  it('finds missing texts, those of refusals too', () => {
    for (const language of ['en', 'sw', 'fr']) {
      edit(`texts/${language}/refusals.yaml`, (texts) => delete texts.receipt['not-yet']);
    }
    expect(problems()).to.include('payment-receipt: text refusals.receipt.not-yet is missing');
    cpSync('menus', directory, { recursive: true });
    edit('texts/sw/ussd.yaml', (texts) => delete texts.home.title);
    expect(problems()).to.match(/ussd\.home\.title: missing in sw/);
  });

  it('names file, screen, language, network and count of what does not fit', () => {
    edit('texts/sw/ussd.yaml', (texts) => (texts.pay.held = `{reference} ${'neno '.repeat(32)}`));
    expect(problems()).to.match(/main\.yaml: pay-held: sw on safaricom: 1\d\d septets do not fit 160/);
    edit('texts/sw/ussd.yaml', (texts) => (texts.pay.held = `{reference} ${'слово '.repeat(14)}`));
    expect(problems()).to.match(/main\.yaml: pay-held: sw on airtel: \d+ UCS-2 units do not fit 80/);
  });

  it('measures an input screen with its error line on top', () => {
    edit('texts/en/ussd.yaml', (texts) => {
      texts.pin.ask = 'x'.repeat(120);
      texts.error.pin = 'y'.repeat(40);
    });
    expect(problems()).to.match(/accounts-pin: en on safaricom under ussd\.error\.pin: 176 septets do not fit 160/);
  });

  it('measures with the widest values', () => {
    expect(broken((menu) => (menu.variables.reference.widest = 'M'.repeat(60)))).to.match(
      /pay-requested: \w+ on safaricom/,
    );
  });

  it('finds an item that no page can hold, and a confirmation that takes two', () => {
    edit('texts/en/ussd.yaml', (texts) => (texts.home.help = 'h'.repeat(170)));
    expect(problems()).to.match(/home: en on safaricom: \d+ septets do not fit 160/);
    cpSync('menus', directory, { recursive: true });
    edit(
      'texts/en/ussd.yaml',
      (texts) => (texts.pay['confirm-other'] = 'Somebody else with another number is going to pay'),
    );
    expect(problems()).to.match(/pay-confirm: en on safaricom: \d+ septets do not fit 160/);
  });

  it('finds actions that lead round in a ring', () => {
    expect(broken((menu) => (menu.nodes['pay-check'].on.ok = 'pay-check'))).to.include('in a ring');
  });

  it('refuses what is not a menu at all', () => {
    expect(broken((menu) => (menu.nodes.home.colour = 'red'))).to.match(/main\.yaml: nodes\.home/);
    writeFileSync(join(directory, 'main.yaml'), 'nodes: [');
    expect(problems()).to.include('main.yaml');
    rmSync(join(directory, 'main.yaml'));
    expect(problems()).to.include('ENOENT');
  });
});
