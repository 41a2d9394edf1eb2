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

/** Word of bills that are due. Receipts and tokens come either way. */
export const openReminders: Action = {
  name: 'open-reminders',
  reads: [],
  outcomes: { wanted: [], stopped: [] },
  async run({ domain, msisdn }) {
    return { outcome: (await domain.wantsReminders({ msisdn })) ? 'wanted' : 'stopped' };
  },
};

export const setReminders: Action = {
  name: 'set-reminders',
  reads: [],
  params: ['wanted'],
  outcomes: { done: [] },
  async run({ domain, msisdn, language, params }) {
    await domain.setReminders({ msisdn, language, wanted: params.wanted === 'yes' });
    return { outcome: 'done' };
  },
};
