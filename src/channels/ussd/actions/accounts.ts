import type { StoredItem } from '../menus/index.ts';
import { readText } from '../menus/index.ts';
import type { LinkView, UssdBiller } from '../ussd-domain.ts';
import type { Action } from './action.ts';
import { askPin } from './ask-pin.ts';
import { billerName } from './payment-variables.ts';

export const listAccounts: Action = {
  name: 'list-accounts',
  reads: [],
  mayRead: ['unlocked'],
  outcomes: { open: ['links'], pin: [], locked: ['lockedUntil'] },
  async run(context) {
    const asked = await askPin(context);
    if (asked) return asked;
    const links = await context.domain.listLinks({ msisdn: context.msisdn });
    return { outcome: 'open', set: { links: links.map((link) => linkItem(link, context.billers)) } };
  },
};

function linkItem(link: LinkView, billers: ReadonlyMap<string, UssdBiller>): StoredItem {
  const biller = billerName(link, billers);
  return {
    linkId: link.id,
    billerId: link.billerId,
    billerKind: billers.get(link.billerId)?.kind ?? 'postpaid',
    biller,
    account: link.account,
    holder: link.holder,
    label: link.nickname === '' ? biller : link.nickname,
  };
}

export const linkAccount: Action = {
  name: 'link-account',
  reads: ['billerId', 'account', 'holder'],
  outcomes: { linked: [], already: [] },
  refusals: { 'account.too-many-links': { most: 'count' } },
  async run({ domain, msisdn, language, variables }) {
    const outcome = await domain.linkAccount({
      msisdn,
      language,
      billerId: readText(variables, 'billerId'),
      account: readText(variables, 'account'),
      holder: readText(variables, 'holder'),
    });
    return { outcome };
  },
};

export const renameLink: Action = {
  name: 'rename-link',
  reads: ['linkId', 'nickname'],
  outcomes: { done: [] },
  async run({ domain, msisdn, variables }) {
    const nickname = readText(variables, 'nickname');
    await domain.renameLink({ msisdn, linkId: readText(variables, 'linkId'), nickname });
    return { outcome: 'done' };
  },
};

export const unlink: Action = {
  name: 'unlink',
  reads: ['linkId'],
  outcomes: { done: [] },
  async run({ domain, msisdn, variables }) {
    await domain.unlink({ msisdn, linkId: readText(variables, 'linkId') });
    return { outcome: 'done' };
  },
};
