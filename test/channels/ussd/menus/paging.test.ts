import { expect } from 'chai';
import fc from 'fast-check';
import { NETWORKS } from '../../../../src/channels/ussd/menus/index.ts';
import { fits } from '../../../../src/channels/ussd/menus/networks.ts';
import { cutToFit, paginate, type ScreenLines } from '../../../../src/channels/ussd/menus/paging.ts';

const word = fc.string({ unit: fc.constantFrom('a', 'B', '7', 'é', '€', '[', 'Ж'), minLength: 1, maxLength: 9 });
const body = fc.array(fc.tuple(word, fc.constantFrom(' ', '\n')), { maxLength: 60 }).map((words) =>
  words
    .map(([one, gap]) => one + gap)
    .join('')
    .trim(),
);
const lines = fc.record({
  error: fc.option(fc.constantFrom('No such account.', 'Nope'), { nil: undefined }),
  body,
  items: fc.array(fc.string({ unit: fc.constantFrom('x', '1', '€', 'Ж'), minLength: 1, maxLength: 30 }), {
    maxLength: 25,
  }),
  nav: fc.constantFrom('', '0 Back 00 Home'),
  more: fc.constant('98 More'),
  pageNav: fc.constant('0 Back 00 Home'),
});
const network = fc.constantFrom(...NETWORKS);

const pagesOf = (screen: ScreenLines, on: (typeof NETWORKS)[number]): string[] => {
  const paged = paginate(screen, on);
  if ('tooLong' in paged) throw new Error(paged.tooLong);
  return paged.pages;
};

describe('pages of a screen', () => {
  it('all fit the network, and together hold every item and every word once, in order', () => {
    fc.assert(
      fc.property(lines, network, (screen, on) => {
        const pages = pagesOf(screen, on);
        for (const page of pages) expect(fits(page, on), page).to.equal(true);
        const shown = pages.flatMap((page) => page.split('\n'));
        const feet = new Set<string | undefined>([screen.more, screen.pageNav, screen.error]);
        const content = shown.filter((line) => !feet.has(line));
        const wanted = [...screen.body.split(/[ \n]+/), ...screen.items].filter((part) => part !== '');
        expect(content.flatMap((line) => line.split(' ')).filter((part) => part !== '')).to.deep.equal(wanted);
      }),
      { numRuns: 500 },
    );
  });

  it('offer 98 on all but the last, and the way back on all but the first', () => {
    fc.assert(
      fc.property(lines, network, (screen, on) => {
        const pages = pagesOf(screen, on);
        for (const [place, page] of pages.entries()) {
          expect(page.includes('98 More')).to.equal(place < pages.length - 1);
          if (place > 0) expect(page).to.include('0 Back');
        }
      }),
    );
  });

  it('say what is too long when an item alone does not fit', () => {
    const screen: ScreenLines = {
      ...{ error: undefined, body: 'Title', items: ['1 ok', `2 ${'x'.repeat(150)}`] },
      ...{ nav: '0 Back 00 Home', more: '98 More', pageNav: '0 Back 00 Home' },
    };
    const paged = paginate(screen, 'safaricom');
    expect('tooLong' in paged && paged.tooLong).to.include('2 xxx');
    expect('pages' in paginate(screen, 'airtel')).to.equal(true);
  });

  it('prefer to break between lines', () => {
    const screen: ScreenLines = {
      ...{ error: undefined, body: `${'one '.repeat(25).trim()}\n${'two '.repeat(20).trim()}`, items: [] },
      ...{ nav: '0 Back 00 Home', more: '98 More', pageNav: '0 Back 00 Home' },
    };
    const [first = ''] = pagesOf(screen, 'safaricom');
    expect(first).not.to.include('two');
  });

  it('cut what must be one page', () => {
    const cut = cutToFit('€'.repeat(100), 'safaricom');
    expect(fits(cut, 'safaricom')).to.equal(true);
    expect(cut).to.equal(`${'€'.repeat(79)}..`);
  });
});
