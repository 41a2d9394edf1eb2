import { expect } from 'chai';
import fc from 'fast-check';
import type { Msisdn } from '../../../src/kernel/index.ts';
import type { UssdGateway } from '../../../src/providers/ussd/index.ts';

type Form = Readonly<Record<string, string>>;

/** A gateway's wire, as forms that a contract suite sends. The short code is `*384*123#`. */
export interface UssdWorld {
  gateway: UssdGateway;
  /** The first hop of a session; a hop with these inputs so far. */
  hop(sessionId: string, msisdn: Msisdn, inputs: readonly string[]): Form;
  /** The first hop after `*384*123*1*2#` was dialled. */
  deepDial(sessionId: string, msisdn: Msisdn): Form;
  sessionEnd(sessionId: string, msisdn: Msisdn, status: 'success' | 'incomplete' | 'failed'): Form;
  /** How the wire writes that the session goes on, and that it ends. */
  continues: RegExp;
  ends: RegExp;
}

const PAYER = '+254711000001' as Msisdn;

/** What every USSD gateway's adapter must do, whatever its wire. */
export function describeUssdGateway(name: string, world: UssdWorld): void {
  describe(`USSD gateway contract: ${name}`, () => {
    const { gateway } = world;

    it('reads a first hop', () => {
      const hop = gateway.parseHop(world.hop('session-1', PAYER, []));
      expect(hop).to.include({
        gateway: gateway.name,
        sessionId: 'session-1',
        msisdn: PAYER,
        serviceCode: '*384*123#',
      });
      expect(hop?.input.text).to.equal('');
    });

    it('reads a later hop; a star that the user typed is input', () => {
      const hop = gateway.parseHop(world.hop('session-1', PAYER, ['1', '2*3']));
      const { input } = hop ?? {};
      if (input?.kind === 'cumulative') expect(input).to.include({ text: '1*2*3', dialled: '' });
      else expect(input).to.include({ kind: 'latest', text: '2*3', first: false });
    });

    it('reads what was dialled behind the short code', () => {
      const hop = gateway.parseHop(world.deepDial('session-2', PAYER));
      expect(hop?.serviceCode).to.equal('*384*123#');
      if (hop?.input.kind === 'cumulative') expect([hop.input.dialled, hop.input.text]).to.include('1*2');
      else expect(hop?.input).to.include({ text: '1*2', first: true });
    });

    it('reads how a session ended', () => {
      for (const status of ['success', 'incomplete', 'failed'] as const) {
        expect(gateway.parseSessionEnd(world.sessionEnd('session-1', PAYER, status))).to.deep.equal({
          gateway: gateway.name,
          sessionId: 'session-1',
          msisdn: PAYER,
          status,
        });
      }
    });

    it('writes a screen that goes on and one that ends', () => {
      expect(gateway.renderReply({ kind: 'continue', text: 'Pay\n1. Yes' }).body).to.match(world.continues);
      expect(gateway.renderReply({ kind: 'end', text: 'Bye' }).body).to.match(world.ends);
    });

    it('never throws, and takes nothing with a field missing', () => {
      const full = world.hop('session-1', PAYER, ['1']);
      for (const field of Object.keys(full)) {
        const { [field]: _left, ...rest } = full;
        expect(gateway.parseHop(rest), field).to.equal(undefined);
      }
      fc.assert(
        fc.property(fc.dictionary(fc.constantFrom(...Object.keys(full)), fc.string({ unit: 'binary' })), (change) => {
          const hop = gateway.parseHop({ ...full, ...change });
          if (hop) expect(hop.msisdn).to.match(/^\+[1-9]\d{6,14}$/);
          gateway.parseSessionEnd({ ...full, ...change });
        }),
      );
    });
  });
}
