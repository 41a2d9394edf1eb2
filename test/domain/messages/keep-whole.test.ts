import { expect } from 'chai';
import fc from 'fast-check';
import { keepWhole } from '../../../src/domain/messages/index.ts';
import { countSeptets } from '../../../src/kernel/index.ts';

const TOKEN = fc
  .array(fc.integer({ min: 0, max: 9999 }), { minLength: 5, maxLength: 5 })
  .map((groups) => groups.map((group) => String(group).padStart(4, '0')).join('-'));

/** The parts in which a long message travels; a GSM-7 escape pair is counted as two. */
function partsOf(text: string): string[] {
  const gsm7 = countSeptets(text) !== undefined;
  const [single, part] = gsm7 ? [160, 153] : [70, 67];
  const length = (one: string) => (gsm7 ? (countSeptets(one) ?? 0) : one.length);
  if (length(text) <= single) return [text];
  const parts = [''];
  for (const character of text) {
    const last = parts.at(-1) ?? '';
    if (length(last) + length(character) > part) parts.push(character);
    else parts[parts.length - 1] = last + character;
  }
  return parts;
}

const filler = (unit: string[]) => fc.string({ unit: fc.constantFrom(...unit), maxLength: 200 });

describe('keepWhole', () => {
  for (const [name, unit] of [
    ['GSM-7', [...'abc .\né']],
    ['UCS-2', [...'abc .中']],
  ] as const) {
    it(`cuts no token between two parts: ${name}`, () => {
      const text = fc.tuple(
        filler([...unit]),
        fc.array(fc.tuple(TOKEN, filler([...unit])), { minLength: 1, maxLength: 4 }),
      );
      fc.assert(
        fc.property(text, ([start, rest]) => {
          const written = start + rest.map(([token, after]) => token + after).join('');
          const tokens = rest.map(([token]) => token);
          const kept = keepWhole(written, tokens);
          const parts = partsOf(kept);
          for (const token of tokens)
            expect(
              parts.some((part) => part.includes(token)),
              token,
            ).to.equal(true);
          expect(kept.replaceAll(' ', '')).to.equal(written.replaceAll(' ', ''));
          expect(keepWhole(kept, tokens)).to.equal(kept);
        }),
        { numRuns: 500 },
      );
    });
  }

  it('leaves alone what fits one message, or what no boundary cuts', () => {
    const short = `${'a'.repeat(140)}1111-2222-33334444`;
    expect(keepWhole(short, ['1111-2222-33334444'])).to.equal(short);
    const early = `1111-2222-3333-4444-5555 ${'a'.repeat(300)}`;
    expect(keepWhole(early, ['1111-2222-3333-4444-5555'])).to.equal(early);
  });

  it('moves the same token twice when it stands there twice', () => {
    const token = '1111-2222-3333-4444-5555';
    const written = `${'a'.repeat(140)}${token}${'b'.repeat(140)}${token}`;
    const parts = partsOf(keepWhole(written, [token, token]));
    expect(parts.filter((part) => part.includes(token))).to.have.length(2);
  });
});
