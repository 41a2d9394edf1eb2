import { spawnSync } from 'node:child_process';
import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { type CompiledMenu, loadMenu, NETWORKS } from '../../src/channels/ussd/menus/index.ts';
import { widestVariables } from '../../src/channels/ussd/menus/widest-values.ts';
import { countSeptets } from '../../src/kernel/index.ts';
import { MENU_OPTIONS, MENU_PARTS } from '../channels/ussd/ussd-world.ts';
import { programArgs } from '../support/program-args.ts';

/** What the networks publish, said here a second time on purpose. */
const LIMITS: Readonly<Record<string, number>> = { safaricom: 160, airtel: 184, telkom: 182, equitel: 182, gsm: 182 };

describe('the menus of the service', function () {
  // The command is started as a program, on a machine that may be busy.
  this.timeout(120_000);
  let menu: CompiledMenu;
  let paged: readonly string[];

  before(() => {
    const proven = loadMenu('menus', MENU_PARTS, MENU_OPTIONS);
    menu = proven.menu;
    paged = proven.lengths.paged;
  });

  const screens = () => Object.entries(menu.source.nodes).filter(([, node]) => 'text' in node);

  it('exist in English, Swahili and French', () => {
    expect([...menu.texts.languages].sort()).to.deep.equal(['en', 'fr', 'sw']);
  });

  for (const network of NETWORKS) {
    it(`fit ${network} in every language with the widest values`, () => {
      let seen = 0;
      for (const [id] of screens()) {
        for (const language of menu.texts.languages) {
          for (const variables of widestVariables(menu, [], language)) {
            for (const page of menu.pages(id, { language, network, variables, error: undefined })) {
              seen += 1;
              const septets = countSeptets(page);
              expect(septets, `${id} (${language}) is not GSM-7: ${page}`).to.be.a('number');
              expect(septets, `${id} (${language}): ${page}`).to.be.at.most(LIMITS[network] ?? 0);
            }
          }
        }
      }
      expect(seen).to.be.greaterThan(100);
    });
  }

  it('keep home on one page everywhere', () => {
    expect(paged).not.to.include('home');
  });

  it('have no dead end: every screen but an END offers a choice, takes an input or leads back', () => {
    const { start, entries } = menu.source;
    for (const [id, node] of screens()) {
      if (node.kind === 'end' || node.kind === 'input') continue;
      const isFirst = [start, entries.resume, entries.underWay].includes(id);
      if (!isFirst) {
        const view = { language: 'en', network: 'gsm' as const, variables: widest(), error: undefined };
        expect(menu.pages(id, view)[0], id).to.include('0 Back 00 Home');
      } else if ('choices' in node) expect(node.choices.length, id).to.be.greaterThan(0);
    }
    function widest() {
      return widestVariables(menu, [], 'en')[0] ?? {};
    }
  });

  it('never end with dots: nothing had to be cut', () => {
    for (const [id] of screens()) {
      for (const language of menu.texts.languages) {
        for (const variables of widestVariables(menu, [], language)) {
          const pages = menu.pages(id, { language, network: 'safaricom', variables, error: undefined });
          for (const page of pages) expect(page.endsWith('..'), `${id} (${language}): ${page}`).to.equal(false);
        }
      }
    }
  });

  it('keep the dial strings that are printed on bills', () => {
    expect(menu.pick('home', '1', {})).to.nested.include({ 'choice.to': 'pay-biller' });
    expect(menu.pick('pay-biller', '1', {})).to.nested.include({ 'item.id': 'jua-power' });
    expect(menu.pick('pay-biller', '2', {})).to.nested.include({ 'item.id': 'maji-water' });
    expect(menu.pick('pay-confirm', '1', {})).to.nested.include({ 'choice.to': 'pay-request' });
    expect(menu.pick('pay-biller', '3', {})).to.equal(undefined);
  });

  it('are proven and drawn by the command', () => {
    const command = programArgs('src/commands/menus.ts');
    const good = spawnSync(process.execPath, command, { encoding: 'utf8' });
    expect(good.status, good.stderr).to.equal(0);
    expect(good.stdout).to.include('flowchart TD').and.include('n_pay_confirm{{"pay-confirm"}}');
    const bad = spawnSync(process.execPath, [...command, 'test/menus'], { encoding: 'utf8' });
    expect(bad.status).to.equal(1);
    expect(bad.stderr).to.include('main.yaml');
  }).timeout(30_000);

  for (const [wrong, found] of [
    [
      (sms: string) => sms.replace('{tokenCount, plural,', '{tokenCount, plurall,'),
      /sms\.yaml: sms\.receipt-tokens \(sw\)/,
    ],
    [(sms: string) => sms.replace(/^failed:.*$/m, ''), /sms\.yaml: sms\.failed: missing in sw/],
  ] as const) {
    it(`are not proven with a message that cannot be written: ${found.source}`, async () => {
      const copy = await mkdtemp(join(tmpdir(), 'malipo-menus-'));
      try {
        await cp('menus', copy, { recursive: true });
        const file = join(copy, 'texts/sw/sms.yaml');
        await writeFile(file, wrong(await readFile(file, 'utf8')));
        const proof = spawnSync(process.execPath, [...programArgs('src/commands/menus.ts'), copy], {
          encoding: 'utf8',
        });
        expect(proof.status).to.equal(1);
        expect(proof.stderr).to.match(found);
      } finally {
        await rm(copy, { recursive: true });
      }
    }).timeout(30_000);
  }
});
