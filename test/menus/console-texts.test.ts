import { expect } from 'chai';
import { SEND_BILL } from '../../src/domain/accounts/index.ts';
import { SEND_MAIL } from '../../src/domain/mails/index.ts';
import { messageStates, SEND_MESSAGE } from '../../src/domain/messages/index.ts';
import { paymentStates, paymentTopic } from '../../src/domain/payments/index.ts';
import { QUEUES } from '../../src/domain/queues/index.ts';
import { RESOLUTIONS } from '../../src/domain/reconciliation/index.ts';
import { refundStates, refundTopic } from '../../src/domain/refunds/index.ts';
import { SEND_REMINDER } from '../../src/domain/reminders/index.ts';
import { settlementTopic } from '../../src/domain/settlement/index.ts';
import { STAFF_ROLES } from '../../src/domain/staff/index.ts';
import { deliveryStates } from '../../src/domain/webhooks/delivery.ts';
import {
  BREAK_ACTIONS,
  BREAK_TYPES,
  transferEvent,
  transferStates,
  transferTopic,
} from '../../src/money/transfers/index.ts';
import { loadTexts, readTexts } from '../../src/platform/texts/index.ts';

/** Words that are the same in another language. A sentence is not among them. */
const SAME = ['ussd', 'sms', 'paybill', 'webhook', 'webhooks', 'code'];

const TOPICS = [paymentTopic, transferTopic, transferEvent, refundTopic, settlementTopic].flatMap((topics) =>
  Object.values(topics),
);

const LOOKED_UP: Readonly<Record<string, readonly string[]>> = {
  'break-type': BREAK_TYPES,
  'break-action': BREAK_ACTIONS,
  break: ['open', 'proposed', 'resolved'],
  resolution: [...RESOLUTIONS, 'evidence'],
  queue: QUEUES,
  'queue-what': QUEUES,
  state: Object.keys(paymentStates.next),
  'state-why': Object.keys(paymentStates.next),
  transfer: Object.keys(transferStates.next),
  refund: Object.keys(refundStates.next),
  'refund-why': Object.keys(refundStates.next),
  message: Object.keys(messageStates.next),
  role: STAFF_ROLES,
  'role-what': STAFF_ROLES,
  work: [
    'inbox',
    ...[...TOPICS, SEND_MESSAGE, SEND_MAIL, SEND_REMINDER, SEND_BILL].map((one) => one.replace('.', '-')),
  ],
  delivery: Object.keys(deliveryStates.next),
};

describe('the texts of the console', () => {
  const source = readTexts('menus/texts');
  const texts = loadTexts('menus/texts', { defaultLanguage: 'en', timeZone: 'Africa/Nairobi' });

  for (const [group, words] of Object.entries(LOOKED_UP)) {
    it(`have words for every ${group} of the code, in every language`, () => {
      for (const language of texts.languages) {
        const missing = words.filter((word) => !source.get(language)?.has(`console.${group}.${word}`));
        expect(missing, language).to.deep.equal([]);
      }
    });
  }

  it('name no break that the code does not know', () => {
    for (const [group, words] of [
      ['break-type', BREAK_TYPES],
      ['break-action', BREAK_ACTIONS],
    ] as const) {
      const named = texts.ids().flatMap((id) => (id.startsWith(`console.${group}.`) ? [id.split('.')[2]] : []));
      expect(named).to.have.members([...words]);
    }
  });

  it('tell staff every reason that customers are told', () => {
    const told = texts.ids().filter((id) => id.startsWith('reasons.') && !id.startsWith('reasons.other-'));
    expect(told.filter((id) => !texts.has(id.replace('reasons.', 'console.reason.')))).to.deep.equal([]);
  });

  it('are not left in English', () => {
    for (const language of ['sw', 'fr']) {
      const left = texts.ids().filter((id) => id.startsWith('console.') && isLeft(id, language));
      expect(left, language).to.deep.equal([]);
    }
  });

  const templateOf = (language: string, id: string) => source.get(language)?.get(id)?.template ?? '';

  function isLeft(id: string, language: string): boolean {
    const ours = templateOf(language, id);
    return ours === templateOf('en', id) && wordsOf(ours).some((word) => !SAME.includes(word));
  }
});

/** The words of a template, without the names of its values and what shapes them. */
function wordsOf(template: string): string[] {
  const spoken = template
    .replace(/\{\w+(, \w+)*\}/g, ' ')
    .replace(/\{\w+, (plural|select),|\b(one|other|yes) \{|=\d+/g, ' ');
  return spoken.toLowerCase().match(/\p{L}+/gu) ?? [];
}
