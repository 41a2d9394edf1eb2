import { readText } from '../menus/index.ts';
import type { Action } from './action.ts';

export const checkPin: Action = {
  name: 'check-pin',
  secret: true,
  reads: [],
  outcomes: { right: ['unlocked'], wrong: ['triesLeft'], locked: ['lockedUntil'] },
  async run({ domain, msisdn, secret, turnKey }) {
    const check = await domain.checkPin({ msisdn, pin: secret, turnKey });
    if (check.kind === 'right') return { outcome: 'right', set: { unlocked: 'yes' } };
    if (check.kind === 'wrong') return { outcome: 'wrong', set: { triesLeft: check.triesLeft } };
    return { outcome: 'locked', set: { lockedUntil: check.untilMs } };
  },
};

export const openPin: Action = {
  name: 'open-pin',
  reads: [],
  outcomes: { set: [], none: [] },
  async run({ domain, msisdn }) {
    const customer = await domain.findCustomer({ msisdn });
    return { outcome: customer?.hasPin ? 'set' : 'none' };
  },
};

/** The first of two entries: only its keyed hash is kept, to compare the second with. */
export const keepPin: Action = {
  name: 'keep-pin',
  secret: true,
  reads: [],
  outcomes: { ok: ['pinSeal'] },
  refusals: { 'pin.malformed': {}, 'pin.too-simple': {} },
  async run({ domain, secret, seal }) {
    domain.judgeNewPin({ pin: secret });
    return { outcome: 'ok', set: { pinSeal: seal('pin', secret) } };
  },
};

export const setPin: Action = {
  name: 'set-pin',
  secret: true,
  reads: ['pinSeal'],
  outcomes: { done: ['pinSeal'], differs: ['pinSeal'] },
  refusals: { 'pin.malformed': {}, 'pin.too-simple': {} },
  async run({ domain, msisdn, language, secret, seal, variables }) {
    const set = { pinSeal: '' };
    if (seal('pin', secret) !== readText(variables, 'pinSeal')) return { outcome: 'differs', set };
    await domain.setPin({ msisdn, language, pin: secret });
    return { outcome: 'done', set };
  },
};

export const removePin: Action = {
  name: 'remove-pin',
  reads: [],
  outcomes: { done: [] },
  async run({ domain, msisdn }) {
    await domain.removePin({ msisdn });
    return { outcome: 'done' };
  },
};
