import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { parse } from 'yaml';
import { SETTLEMENT_STATES } from '../../src/channels/console/settlement-filters.ts';
import { SEND_BILL } from '../../src/domain/accounts/index.ts';
import { SEND_MAIL } from '../../src/domain/mails/index.ts';
import { messageStates, SEND_MESSAGE } from '../../src/domain/messages/index.ts';
import {
  applicationStates,
  DOCUMENT_KINDS,
  KEY_SCOPES,
  organisationStates,
} from '../../src/domain/organisations/index.ts';
import { paymentStates, paymentTopic } from '../../src/domain/payments/index.ts';
import { batchStates, claimStates, rowStates, scheduleStates } from '../../src/domain/payout-batches/index.ts';
import { PAYOUT_PURPOSES, payoutListStates } from '../../src/domain/payout-lists/index.ts';
import { KINDS_OF, QUEUES } from '../../src/domain/queues/index.ts';
import { RESOLUTIONS } from '../../src/domain/reconciliation/index.ts';
import { refundStates, refundTopic } from '../../src/domain/refunds/index.ts';
import { SEND_REMINDER } from '../../src/domain/reminders/index.ts';
import { FILE_PARTS, settlementStates, settlementTopic } from '../../src/domain/settlement/index.ts';
import { STAFF_ROLES } from '../../src/domain/staff/index.ts';
import { deliveryStates } from '../../src/domain/webhooks/delivery.ts';
import { TEST_EVENT } from '../../src/domain/webhooks/event-types.ts';
import { EVENT_TYPES, endpointStates, RESEND_SINCE } from '../../src/domain/webhooks/index.ts';
import { ASK_BALANCE } from '../../src/money/floats/index.ts';
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
  'state-why': [...Object.keys(paymentStates.next), 'token-due'],
  transfer: Object.keys(transferStates.next),
  refund: Object.keys(refundStates.next),
  'refund-why': Object.keys(refundStates.next),
  message: Object.keys(messageStates.next),
  'organisation-state': Object.keys(organisationStates.next),
  'organisation-why': ['applying', 'suspended'],
  halt: ['operator-refuses-us', 'stopped-by-person'],
  'application-state': Object.keys(applicationStates.next),
  'document-kind': DOCUMENT_KINDS,
  'key-scope': KEY_SCOPES.map((scope) => scope.replace(':', '-')),
  purpose: PAYOUT_PURPOSES,
  role: STAFF_ROLES,
  'role-what': STAFF_ROLES,
  work: [
    'inbox',
    ...[...TOPICS, ASK_BALANCE, SEND_MESSAGE, SEND_MAIL, SEND_REMINDER, SEND_BILL, RESEND_SINCE].map((one) =>
      one.replace('.', '-'),
    ),
  ],
  event: [...EVENT_TYPES.biller, ...EVENT_TYPES.organisation, TEST_EVENT].map((one) => one.replace('.', '-')),
  delivery: Object.keys(deliveryStates.next),
  'address-refusal': ['not-an-address', 'not-https', 'credentials', 'private-network', 'unknown-host'],
  'endpoint-state': Object.keys(endpointStates.next),
  'endpoint-change': ['added', ...Object.keys(endpointStates.next), 'secret-rotated'],
  'event-what': EVENT_TYPES.biller.map((type) => type.replace('.', '-')),
  'settlement-state': SETTLEMENT_STATES,
  'settlement-why': [...Object.keys(settlementStates.next), 'signed-nothing'],
  'settlement-waits': ['drawn-up', 'signed'],
  route: KINDS_OF.unknown,
  'wish-source': ['sms', 'ussd', 'operator'],
  'sms-taken-for':
    'pay balance receipt status stop start help answer unclear unknown unread no-more-answers-today had-help-within-the-hour'.split(
      ' ',
    ),
  'settlement-line': ['collected', 'reversed', 'carried'],
  'settlement.file': FILE_PARTS,
  'batch-state': Object.keys(batchStates.next),
  'row-state': Object.keys(rowStates.next),
  'claim-state': Object.keys(claimStates.next),
  'claim-why': Object.keys(claimStates.next),
  'schedule-state': Object.keys(scheduleStates.next),
  'list-state': Object.keys(payoutListStates.next),
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

  it('have a name for every screen of the menus, and for no other', () => {
    const { nodes } = parse(readFileSync('menus/main.yaml', 'utf8')) as { nodes: Record<string, { kind: string }> };
    const shown = Object.keys(nodes).filter((id) => !['action', 'resume'].includes(nodes[id]?.kind ?? ''));
    for (const language of texts.languages) {
      const ids = [...(source.get(language)?.keys() ?? [])].filter((id) => id.startsWith('screens.'));
      expect(
        ids.map((id) => id.slice('screens.'.length)),
        language,
      ).to.have.members(shown);
    }
  });

  it('translate reasons of the service that it still keeps in these words', () => {
    const files = readdirSync('src', { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.ts'));
    const code = files.map((name) => readFileSync(join('src', name), 'utf8')).join('\n');
    const kept = texts.ids().filter((id) => id.startsWith('console.why.'));
    expect(kept.length).to.be.greaterThan(10);
    for (const id of kept) {
      const words = templateOf('en', id);
      for (const piece of words.split('{n}')) expect(code, words).to.include(piece);
      expect(id).to.equal(
        `console.why.${words
          .toLowerCase()
          .replace(/[^a-z]+/g, '-')
          .replace(/-$/, '')}`.replace('.-n', '.n'),
      );
    }
  });

  it('are not left in English', () => {
    for (const language of ['sw', 'fr']) {
      const left = texts.ids().filter((id) => /^(console|screens)\./.test(id) && isLeft(id, language));
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
