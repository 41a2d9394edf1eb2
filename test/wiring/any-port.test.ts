import { expect } from 'chai';
import { drawPorts } from '../../src/wiring/any-port.ts';
import { makePhone, newAccount } from '../support/dial.ts';
import { makeProcess } from '../support/kill.ts';
import { environmentOf } from '../support/service.ts';
import { simulatorControl } from '../support/service-control.ts';
import { eventually } from '../support/service-eventually.ts';
import { embeddedStores } from '../support/stores.ts';

describe('a service that may take any port', function () {
  this.timeout(120_000);

  it('is reached at the addresses that it prints, and reaches its simulators', async () => {
    const stores = await embeddedStores();
    const env = environmentOf(stores, { web: 0, simulator: 0 }, { LOG_LEVEL: 'fatal' });
    const printed = (name: string) => new RegExp(`^${name} +(http://\\S+)$`, 'm').exec(main.output())?.[1];
    const main = makeProcess(env, async () => {
      if (!printed('Simulator')) throw new Error('not yet');
    });
    await main.start();
    try {
      const [gateway = '', simulator = ''] = [printed('Gateway'), printed('Simulator')];
      const control = simulatorControl(simulator);
      const jane = makePhone({ gateway, key: 'demo', control });
      const account = newAccount();
      // There and back: the biller, the prompt, its callback, the SMS.
      const reference = await jane.pays({ biller: 2, account, amount: 500 });
      await jane.gets('paid KES 500.00', reference);
      await eventually('the operator knows where the paybill is announced', async () => {
        expect(await control.addresses()).to.not.equal(null);
      });
      expect(await control.payPaybill(jane.msisdn, '300', account)).to.include({ validation: 'accepted' });
      await jane.gets('paid KES 300.00', account);
    } finally {
      await main.stop();
      await stores.drop();
    }
  });

  it('draws a port for what listens in its role, and leaves what was configured', async () => {
    const drawn = async (variables: Record<string, string | undefined>) => {
      await drawPorts(variables);
      return variables;
    };
    const all = await drawn({ PORT: '0', SIMULATOR_PORT: '0' });
    expect(Number(all.PORT)).to.be.greaterThan(0);
    expect(Number(all.SIMULATOR_PORT)).to.be.greaterThan(0).and.not.equal(Number(all.PORT));
    const web = { ROLE: 'web', PORT: '8080', SIMULATOR_PORT: '0' };
    expect(await drawn({ ...web })).to.deep.equal(web);
    expect(await drawn({})).to.deep.equal({});
  });
});
