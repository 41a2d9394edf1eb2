import { expect } from 'chai';
import fc from 'fast-check';
import {
  nairobiDateTime,
  nairobiStamp,
  parseNairobiTime,
} from '../../../../src/providers/operators/daraja/nairobi-time.ts';

const AT = Date.UTC(2024, 6, 21, 9, 51, 32);

describe('daraja times', () => {
  it('writes Nairobi time, also across midnight', () => {
    expect(nairobiStamp(AT)).to.equal('20240721125132');
    expect(nairobiDateTime(AT)).to.equal('2024-07-21 12:51:32');
    expect(nairobiStamp(Date.UTC(2025, 11, 31, 21, 0, 0))).to.equal('20260101000000');
  });

  it('reads every spelling seen', () => {
    expect(parseNairobiTime('20240721125132')).to.equal(AT);
    expect(parseNairobiTime('21.07.2024 12:51:32')).to.equal(AT);
    expect(parseNairobiTime('2024-07-21 12:51:32')).to.equal(AT);
    expect(parseNairobiTime('2024-07-21T12:51:32')).to.equal(AT);
    expect(parseNairobiTime('2024-07-21T09:51:32Z')).to.equal(AT);
    expect(parseNairobiTime('2024-07-21T09:51:32.120Z')).to.equal(AT);
    expect(parseNairobiTime('2024-07-21T12:51:32+03:00')).to.equal(AT);
    expect(parseNairobiTime('2024-07-21T05:51:32-0400')).to.equal(AT);
    expect(parseNairobiTime('2024-07-21 12:51')).to.equal(AT - 32_000);
  });

  it('reads nothing else, nor a day that does not exist', () => {
    for (const text of [
      '',
      '0',
      '20240231000000',
      '20241301000000',
      '20240721246000',
      '99.99.2024 00:00:00',
      '19700101000000',
    ]) {
      expect(parseNairobiTime(text), text).to.equal(undefined);
    }
  });

  it('reads back what it writes', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1_000_000_000, max: 4_000_000_000 }), (seconds) => {
        expect(parseNairobiTime(nairobiStamp(seconds * 1000))).to.equal(seconds * 1000);
        expect(parseNairobiTime(nairobiDateTime(seconds * 1000))).to.equal(seconds * 1000);
      }),
    );
  });
});
