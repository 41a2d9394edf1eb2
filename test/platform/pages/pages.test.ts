import { expect } from 'chai';
import fc from 'fast-check';
import type { Context } from 'koa';
import { type ComponentChildren, Fragment, h, type VNode } from 'preact';
import { HttpError } from '../../../src/platform/http/index.ts';
import { isSafeAddress } from '../../../src/platform/pages/guard-elements.ts';
import {
  chooseLanguage,
  languageName,
  PAGE_FILES,
  refuseForeignForm,
  renderFragment,
  staticFiles,
} from '../../../src/platform/pages/index.ts';

const element = (name: string, props: Record<string, unknown>, inner: ComponentChildren = 'x') =>
  h(name, props, inner) as VNode;

describe('what a page shows', () => {
  it('is escaped, as text and as attribute', () => {
    const hostile = `"><script>alert('x')</script>`;
    const html = renderFragment(element('p', { title: hostile }, hostile));
    expect(html).not.to.include('<script');
    expect(html).to.include('&lt;script');
  });

  it('shows letters that nobody sees, and those that turn the direction of what follows', () => {
    const turned = h(Fragment, {}, 'Jane\u202e', h('b', {}, ['\u0007', 'x\u2066y\nz']));
    expect(renderFragment(turned)).to.equal('Jane\ufffd<b>\ufffdx\ufffdy\nz</b>');
    const right = 'محمد\u200f علي';
    expect(renderFragment(element('p', {}, right))).to.equal(`<p>${right}</p>`);
  });

  it('never leads to a script', () => {
    for (const address of [
      'javascript:alert(1)',
      ' javascript:alert(1)',
      'JaVa\tScRiPt:alert(1)',
      'java\nscript:alert(1)',
      '\u0001javascript:alert(1)',
      'data:text/html,<script>',
      'vbscript:x',
      'blob:x',
    ]) {
      expect(renderFragment(element('a', { href: address })), address).to.equal('<a>x</a>');
      expect(isSafeAddress(address), address).to.equal(false);
    }
    for (const address of ['/pay?lang=en', '?lang=sw', '#main', 'https://a.b/c:d', 'tel:0800', 'pay/a:b', '/a:b', '']) {
      expect(isSafeAddress(address), address).to.equal(true);
    }
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom(...'jJaAvVsScCrRiIpPtT:\t\n\r \u0000/') }), (text) => {
        // What a browser would take for a script, ours takes too.
        const parsed = URL.canParse(text, 'https://a.b/') ? new URL(text, 'https://a.b/').protocol : '';
        return parsed !== 'javascript:' || !isSafeAddress(text);
      }),
    );
  });

  it('holds nothing inline: that is a bug, found where it is written', () => {
    for (const props of [{ style: 'color:red' }, { onclick: 'x()' }, { dangerouslySetInnerHTML: { __html: '<b>' } }]) {
      expect(() => element('p', props)).to.throw('a page may not');
    }
  });
});

describe('the language of a visitor', () => {
  const contextOf = (query: Record<string, string | string[]>, cookie?: string, accepted: string | false = false) =>
    ({ query, cookies: { get: () => cookie }, acceptsLanguages: () => accepted }) as unknown as Context;
  const languages = ['en', 'fr', 'sw'];

  it('is the one he chose, else a cookie, else the one his browser asks for, else the default', () => {
    expect(chooseLanguage(contextOf({ lang: 'sw' }, 'fr', 'en'), languages)).to.equal('sw');
    expect(chooseLanguage(contextOf({ lang: ['fr', 'sw'] }), languages)).to.equal('fr');
    expect(chooseLanguage(contextOf({ lang: 'xx' }, 'fr', 'en'), languages)).to.equal('fr');
    expect(chooseLanguage(contextOf({}, '../x', 'fr'), languages)).to.equal('fr');
    expect(chooseLanguage(contextOf({}), languages)).to.equal('en');
  });

  it('is called by its own name', () => {
    expect(languages.map(languageName)).to.deep.equal(['English', 'Français', 'Kiswahili']);
  });
});

describe('a form', () => {
  const refuse = (headers: Record<string, string>) => () =>
    refuseForeignForm(
      { req: { headers: { host: 'pay.example.org', ...headers } } } as never,
      'https://pay.example.org',
    );

  it('of another site is refused', () => {
    for (const headers of [
      { 'sec-fetch-site': 'cross-site' },
      { 'sec-fetch-site': 'same-site' },
      { 'sec-fetch-site': 'cross-site', origin: 'https://pay.example.org' },
      { origin: 'https://evil.example' },
      { origin: 'https://pay.example.org.evil.example' },
      { origin: 'null' },
      { origin: '' },
    ]) {
      expect(refuse(headers), JSON.stringify(headers)).to.throw(HttpError);
    }
  });

  it('of ours, or of a client that another site cannot use, is taken', () => {
    for (const headers of [
      {},
      { 'sec-fetch-site': 'same-origin' },
      { 'sec-fetch-site': 'none' },
      { origin: 'https://pay.example.org' },
      { origin: 'http://10.0.0.7:8080', host: '10.0.0.7:8080' },
      { origin: 'https://pay.example.org', host: 'web' },
    ]) {
      expect(refuse(headers), JSON.stringify(headers)).not.to.throw();
    }
  });
});

describe('files of pages', () => {
  it('are at addresses that change with their content, and only those that are there', () => {
    const files = staticFiles([PAGE_FILES]);
    expect(files.address('page.css')).to.match(/^\/static\/page\.[0-9a-f]{10}\.css$/);
    expect(() => files.address('../send-page.ts')).to.throw('no file');
  });
});
