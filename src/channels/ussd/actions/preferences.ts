import { readText } from '../menus/index.ts';
import type { Action } from './action.ts';

export const setLanguage: Action = {
  name: 'set-language',
  reads: ['newLanguage'],
  outcomes: { done: [] },
  async run({ domain, msisdn, variables }) {
    const language = readText(variables, 'newLanguage');
    await domain.setLanguage({ msisdn, language });
    return { outcome: 'done', language };
  },
};

/** Whether other numbers may make this handset ask for a PIN. */
export const openRequests: Action = {
  name: 'open-requests',
  reads: [],
  outcomes: { blocked: [], allowed: [] },
  async run({ domain, msisdn }) {
    const customer = await domain.findCustomer({ msisdn });
    return { outcome: customer?.promptsBlocked ? 'blocked' : 'allowed' };
  },
};

export const setRequests: Action = {
  name: 'set-requests',
  reads: [],
  params: ['blocked'],
  outcomes: { done: [] },
  async run({ domain, msisdn, language, params }) {
    await domain.setPromptBlock({ msisdn, language, blocked: params.blocked === 'yes' });
    return { outcome: 'done' };
  },
};
