import { expect } from 'chai';
import fc from 'fast-check';
import {
  dialledInputs,
  freshState,
  makeSealer,
  newInput,
  notePrefix,
  type SessionState,
  turnKeyOf,
} from '../../../../src/channels/ussd/engine/index.ts';

const seal = makeSealer('a key for tests only');
const SESSION = 'africastalking:ATUid_1';
const fresh = freshState('m', 'en', 'home');

const stateAfter = (text: string, state: SessionState = fresh): SessionState => {
  const next = { ...state };
  notePrefix(next, text, turnKeyOf(seal, SESSION, text));
  return next;
};

/** What a person may type: stars and nothing too. */
const typed = fc.string({ unit: fc.constantFrom('0', '1', '2', '9', '*', 'a', ' '), maxLength: 6 });
const firstTyped = typed.filter((input) => input !== '' && input !== '*');

describe('the prefix of a session', () => {
  it('gives back every input as it was typed, stars and empty replies too', () => {
    fc.assert(
      fc.property(firstTyped, fc.array(typed, { maxLength: 12 }), (first, rest) => {
        let text = '';
        let state = stateAfter('');
        for (const [place, input] of [first, ...rest].entries()) {
          text = place === 0 ? input : `${text}*${input}`;
          expect(newInput(seal, SESSION, state, text)).to.equal(input);
          state = stateAfter(text, state);
        }
      }),
      { numRuns: 500 },
    );
  });

  it('takes nothing that does not go on from it', () => {
    fc.assert(
      fc.property(firstTyped, typed, typed, (first, other, input) => {
        const state = stateAfter(first);
        const text = `${other}*${input}`;
        const goesOn = text.startsWith(`${first}*`);
        expect(newInput(seal, SESSION, state, text) !== undefined).to.equal(goesOn);
      }),
    );
  });

  it('takes no older text, no equal one, and none of another session', () => {
    const state = stateAfter('1*2');
    for (const text of ['', '1', '1*2', '3*4*5', '1*23']) {
      expect(newInput(seal, SESSION, state, text), text).to.equal(undefined);
    }
    expect(newInput(seal, 'africastalking:ATUid_2', state, '1*2*3')).to.equal(undefined);
    expect(newInput(makeSealer('another key than that'), SESSION, state, '1*2*3')).to.equal(undefined);
  });

  it('reads a bare star as an empty first reply, and what follows it either way', () => {
    expect(newInput(seal, SESSION, stateAfter(''), '*')).to.equal('');
    expect(newInput(seal, SESSION, stateAfter('*'), '*1')).to.equal('1');
    expect(newInput(seal, SESSION, stateAfter('*'), '**1')).to.equal('1');
    // Only that first star is in doubt.
    const later = stateAfter('*1', stateAfter('*'));
    expect(newInput(seal, SESSION, later, '*1*2')).to.equal('2');
    expect(newInput(seal, SESSION, later, '*12')).to.equal(undefined);
  });

  it('keeps the length and the keyed hash of the inputs, and nothing of them', () => {
    const kept = JSON.stringify(stateAfter('1*2*8642'));
    expect(kept).not.to.include('8642').and.not.include('1*2');
  });

  it('finds what was dialled wherever the gateway puts it', () => {
    const cases: [string, string, string[]][] = [
      ['', '', []],
      ['1*2', '', ['1', '2']],
      ['', '1*2', ['1', '2']],
      ['1*2', '1*2', ['1', '2']],
      ['1*2*500', '1*2', ['1', '2', '500']],
      ['500', '1*2', ['1', '2', '500']],
      ['1**2', '', ['1', '', '2']],
    ];
    for (const [text, dialled, inputs] of cases) {
      expect(dialledInputs(text, dialled), `${text}|${dialled}`).to.deep.equal(inputs);
    }
  });
});
