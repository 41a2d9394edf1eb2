import { inspect } from 'node:util';
import { expect } from 'chai';
import fc from 'fast-check';
import { type Msisdn, systemClock } from '../../../src/kernel/index.ts';
import type { SmsAnswer } from '../../../src/providers/sms/index.ts';
import type { SmsFate, SmsWorld } from './sms-world.ts';

const TO = '+254711000001' as Msisdn;

const EXPECTED: Readonly<Record<Exclude<SmsFate, 'accepted'>, SmsAnswer['kind']>> = {
  blacklisted: 'rejected',
  'not-now': 'later',
  'http-500': 'unknown',
  html: 'unknown',
  'lost-answer': 'unknown',
  hang: 'unknown',
  'wrong-key': 'later',
};

/** What every SMS provider must do, whatever its wire; `without` names what its world cannot do. */
export function describeSmsProvider(
  name: string,
  start: () => Promise<SmsWorld>,
  without: readonly SmsFate[] = [],
): void {
  describe(`SMS provider contract: ${name}`, () => {
    let world: SmsWorld;

    before(async () => {
      world = await start();
    });
    after(() => world.stop());
    afterEach(() => world.arrange('accepted'));

    it('sends a text as it is, and knows its id and its cost', async () => {
      const text = 'Malipo M7K2P9QRST: KES 500.00 + 20% & more\nToken 1234-5678';
      const answer = await world.provider.send({ to: TO, text, sender: 'MALIPO' });
      if (answer.kind !== 'accepted') throw new Error(`not accepted: ${JSON.stringify(answer)}`);
      expect(answer.messageId).to.not.equal('');
      expect(answer.cost).to.match(/^[A-Z]{3} \d+\.\d+$/);
      expect(await world.texts()).to.include(text);
    });

    for (const fate of Object.keys(EXPECTED) as (keyof typeof EXPECTED)[]) {
      if (without.includes(fate)) continue;
      it(`answers "${EXPECTED[fate]}" when the fate is ${fate}, in time and without the secret`, async () => {
        await world.arrange(fate);
        const startedMs = systemClock.now();
        const answer = await world.provider.send({ to: TO, text: 'hello' });
        expect(answer.kind, JSON.stringify(answer)).to.equal(EXPECTED[fate]);
        expect(systemClock.now() - startedMs).to.be.below(1_500);
        expect(inspect(answer, { depth: 20 })).to.not.include(world.secret);
      });
    }

    it('answers "later" when nobody listens: nothing was sent', async () => {
      const provider = await world.unreachable();
      expect((await provider.send({ to: TO, text: 'hello' })).kind).to.equal('later');
    });

    it('never throws on forms that an outsider sends', () => {
      const form = fc.dictionary(fc.constantFrom('id', 'status', 'from', 'to', 'text', 'senderId', 'x'), fc.string());
      fc.assert(
        fc.property(form, (fields) => {
          world.provider.parseDeliveryReport(fields);
          world.provider.parseIncoming(fields);
          world.provider.parseOptOut(fields);
        }),
      );
    });
  });
}
