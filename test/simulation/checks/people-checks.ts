import type { Check, Finding } from './check.ts';
import type { Facts } from './facts.ts';
import { groupBy } from './group-by.ts';

type Message = Facts['messages'][number];

/** How often each text reached each number, as the SMS provider's books say. */
function deliveries({ world }: Facts): Map<string, number> {
  const counts = new Map<string, number>();
  for (const { to, text } of world.core.sms.inboxes.all()) {
    const key = `${to} ${text}`;
    counts.set(key, (counts.get(key) ?? 0) + 1);
  }
  return counts;
}

const REFUSED = /^(40[123469]|502|opted-out)/;

const isRefused = ({ state, failure }: Message) => state === 'failed' && REFUSED.test(failure ?? '');
const isSent = ({ state }: Message) => state === 'sent' || state === 'delivered';

const delivered: Check = {
  name: 'delivered',
  promise:
    'every message is delivered at least once unless definitely refused, and again only where an answer was lost',
  look(facts) {
    const findings: Finding[] = [];
    const counts = deliveries(facts);
    for (const [key, messages] of groupBy(facts.messages, ({ recipient, text }) => `${recipient} ${text}`)) {
      const got = counts.get(key) ?? 0;
      const lost = messages.reduce((sum, { lostAnswers }) => sum + lostAnswers, 0);
      const least = messages.filter(isSent).length;
      const most = messages.length + lost;
      const [first] = messages;
      const about = [first?.id, first?.factKey, first?.subjectId, first?.recipient];
      const undecided = messages.find((message) => !isSent(message) && !isRefused(message));
      if (undecided) {
        findings.push({ text: `${undecided.factKey} is ${undecided.state} (${undecided.failure ?? ''})`, about });
      } else if (got < least)
        findings.push({ text: `${first?.factKey} was delivered ${got} of ${least} times`, about });
      else if (got > most) findings.push({ text: `${first?.factKey} came ${got} times; ${lost} lost answers`, about });
      facts.world.trace.count('second deliveries of an SMS', Math.max(0, got - messages.length));
    }
    return findings;
  },
};

const oneReceipt: Check = {
  name: 'one-receipt',
  promise: 'every payment that was posted has exactly one receipt, and nothing else has one',
  look({ payments, messages, breaks }) {
    const findings: Finding[] = [];
    const receipts = new Map<string | null, Message[]>();
    for (const message of messages) {
      if (!message.factKey.startsWith('receipt:')) continue;
      receipts.set(message.subjectId, [...(receipts.get(message.subjectId) ?? []), message]);
    }
    for (const { id, reference, state, payer, transferId, postedAtMs, channel } of payments) {
      const own = receipts.get(id) ?? [];
      const about = [id, reference, payer, transferId];
      // Its payer may have become known only when it was paid back already.
      if (state !== 'posted' && payer !== null && channel === 'paybill' && own.length === 0) continue;
      if (postedAtMs === null) {
        if (own.length > 0) findings.push({ text: `${reference} is ${state} and has a receipt`, about });
      } else if (payer === null) {
        const isShown = breaks.some(
          ({ breakType, subjectId }) => breakType === 'payer-unknown' && subjectId === transferId,
        );
        if (!isShown) findings.push({ text: `${reference}: nobody looks for its payer`, about });
      } else if (own.length !== 1) findings.push({ text: `${reference} has ${own.length} receipts`, about });
    }
    return findings;
  },
};

/** The message that a payment's end demands, by the start of its fact's key. */
function demanded({ state, payer, dialler, id, reason }: Facts['payments'][number]): { fact: string; to: string }[] {
  const to = (fact: string, ...numbers: (string | null)[]) =>
    [...new Set(numbers)].flatMap((number) => (number === null ? [] : [{ fact: `${fact}:${id}`, to: number }]));
  switch (state) {
    case 'failed':
      return to('failed', dialler);
    case 'expired':
      return to('hold-expired', dialler);
    case 'refund-due':
      return to(reason === 'reasons.refund-agreed' ? 'refund-granted' : 'refund-due', payer, dialler);
    case 'refunded':
      return to('reversed', payer, dialler);
    case 'suspense':
      return to('suspense', payer);
    default:
      return [];
  }
}

const failuresTold: Check = {
  name: 'failures-told',
  promise: 'every failure, every doubt and every debt of ours was told to whom it concerns',
  look({ payments, messages, transfers, paymentOfTransfer }) {
    const told = new Set(messages.map(({ factKey }) => factKey));
    const findings: Finding[] = [];
    for (const payment of payments) {
      for (const { fact, to } of demanded(payment)) {
        if (told.has(`${fact}:${to}`)) continue;
        const about = [payment.id, payment.reference, payment.transferId];
        findings.push({ text: `${payment.reference} is ${payment.state}, and ${to} was not told`, about });
      }
    }
    for (const transfer of transfers) {
      const { id, reference, payer, purpose, state } = transfer;
      if (purpose === 'second-money' && payer !== null && !told.has(`second-money:${id}`)) {
        findings.push({
          text: `${reference} is money that came twice, and ${payer} was not told`,
          about: [id, reference],
        });
      }
      const payment = paymentOfTransfer(transfer);
      if (state === 'unknown' && payment && !told.has(`unknown:${payment.id}:${payer}`)) {
        findings.push({ text: `${reference} is unknown, and ${payer} was not told`, about: [id, reference] });
      }
    }
    return findings;
  },
};

const ENDS = new Set(['held', 'posted', 'suspense', 'refund-due', 'refunded', 'failed', 'expired']);

const settled: Check = {
  name: 'settled',
  promise: 'every payment came to an end, unless its money is unknown',
  look({ payments, transfers }) {
    const byId = new Map(transfers.map((transfer) => [transfer.id, transfer]));
    return payments.flatMap(({ id, reference, state, transferId, billerId }) => {
      const transfer = byId.get(transferId ?? '');
      const isOpen = !ENDS.has(state) && !(state === 'prompting' && transfer?.state === 'unknown');
      const about = [id, reference, transferId];
      return isOpen
        ? [{ text: `${reference} (${billerId}) is still ${state}, its transfer ${transfer?.state}`, about }]
        : [];
    });
  },
};

const screensTrue: Check = {
  name: 'screens-true',
  promise: 'no screen says that nothing was charged when the confirmation made a payment',
  look({ world, payments }) {
    const bySession = new Map(payments.map((payment) => [payment.sessionKey, payment]));
    return world.confirmations.flatMap(({ sessionId, msisdn, answers }) => {
      const payment = bySession.get(`africastalking:${sessionId}`);
      const lie = answers.find(({ claimsNothingCharged }) => claimsNothingCharged);
      if (!payment || !lie) return [];
      return [
        {
          text: `${payment.reference} was made, and ${msisdn} read: ${lie.text}`,
          about: [payment.id, payment.reference, msisdn],
        },
      ];
    });
  },
};

export const peopleChecks: readonly Check[] = [settled, oneReceipt, failuresTold, delivered, screensTrue];
