import { expect } from 'chai';
import fc from 'fast-check';
import { makeSigner } from '../../../src/platform/sealing/index.ts';

const KEY = Buffer.alloc(32, 1);

describe('signed texts', () => {
  const signer = makeSigner(KEY, 'one purpose');

  it('open as what was signed', () => {
    fc.assert(fc.property(fc.string({ unit: 'grapheme' }), (text) => signer.open(signer.sign(text)) === text));
  });

  it('are worth nothing when changed, for another purpose, or under another key', () => {
    const signed = signer.sign('{"amount":500}');
    expect(makeSigner(KEY, 'another').open(signed)).to.equal(undefined);
    expect(makeSigner(Buffer.alloc(32, 2), 'one purpose').open(signed)).to.equal(undefined);
    for (let at = 0; at < signed.length; at += 1) {
      const changed = `${signed.slice(0, at)}${signed[at] === 'A' ? 'B' : 'A'}${signed.slice(at + 1)}`;
      expect(signer.open(changed), changed).to.equal(undefined);
    }
    for (const odd of ['', '.', '..', `${signed}.`, `${signed}=`, ` ${signed}`]) {
      expect(signer.open(odd), odd).to.equal(undefined);
    }
  });
});
