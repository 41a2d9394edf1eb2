import { expect } from 'chai';
import { countedAddress } from '../../../src/channels/checkout/limits.ts';

describe('the address that requests are counted by', () => {
  for (const [source, counted] of [
    ['10.1.2.3', '10.1.2.3'],
    ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2'],
    ['2001:DB8:1:2::6', '2001:db8:1:2'],
    ['2001:db8::6', '2001:db8:0:0'],
    ['::1', '0:0:0:0'],
    [undefined, 'unknown'],
  ] as const) {
    it(`is ${counted} for ${source}`, () => {
      expect(countedAddress(source)).to.equal(counted);
    });
  }
});
