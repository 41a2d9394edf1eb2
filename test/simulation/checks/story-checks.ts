import type { Check, Finding } from './check.ts';
import type { Facts } from './facts.ts';
import { groupBy } from './group-by.ts';
import { takenBackBy } from './refund-checks.ts';
import { batchStates, paymentStates, refundStates, rowStates, transferStates } from './tables.ts';

interface Step {
  fromState: string;
  toState: string;
}

/** The chain of one thing's events: it begins at nothing, each step is allowed, none is left out, the last is the state. */
function brokenChain(
  table: typeof paymentStates,
  steps: readonly Step[],
  state: string,
  from = 'none',
): string | undefined {
  let now = from;
  for (const { fromState, toState } of steps) {
    if (fromState !== now) return `${fromState} -> ${toState} follows ${now}`;
    const isNote = fromState === toState;
    const isAllowed = now === 'none' ? table.initial.includes(toState) : table.allows(fromState, toState);
    if (!isNote && !isAllowed) return `${fromState} -> ${toState} is not allowed`;
    now = toState;
  }
  return now === state ? undefined : `its events end at ${now}, its state is ${state}`;
}

const transitions: Check = {
  name: 'transitions',
  promise: 'every change of state is allowed by its table and told by an event',
  look({ payments, paymentEvents, transfers, transferEvents, refunds, refundEvents, ...payouts }) {
    const findings: Finding[] = [];
    const ofPayment = groupBy(paymentEvents, ({ paymentId }) => paymentId);
    for (const { id, reference, state } of payments) {
      const broken = brokenChain(paymentStates, ofPayment.get(id) ?? [], state);
      if (broken) findings.push({ text: `payment ${reference}: ${broken}`, about: [id, reference] });
    }
    const ofTransfer = groupBy(transferEvents, ({ transferId }) => transferId);
    for (const { id, reference, state } of transfers) {
      const broken = brokenChain(transferStates, ofTransfer.get(id) ?? [], state);
      if (broken) findings.push({ text: `transfer ${reference}: ${broken}`, about: [id, reference] });
    }
    const ofRefund = groupBy(refundEvents, ({ refundId }) => refundId);
    for (const { id, state, transferId, reversalId } of refunds) {
      const broken = brokenChain(refundStates, ofRefund.get(id) ?? [], state);
      if (broken) findings.push({ text: `refund ${id}: ${broken}`, about: [id, transferId, reversalId] });
    }
    const ofBatch = groupBy(payouts.batchEvents, ({ batchId }) => batchId);
    for (const { id, number, state } of payouts.batches) {
      const broken = brokenChain(batchStates, ofBatch.get(id) ?? [], state);
      if (broken) findings.push({ text: `batch ${number}: ${broken}`, about: [id, number] });
    }
    const ofRow = groupBy(payouts.rowEvents, ({ rowId }) => rowId);
    for (const { id, rowNo, state, transferId } of payouts.rows) {
      const own = ofRow.get(id) ?? [];
      // A row of a draft is put in, taken out and back in without an event of its own.
      const broken = own.length > 0 && brokenChain(rowStates, own, state, own[0]?.fromState);
      if (broken) findings.push({ text: `row ${rowNo}: ${broken}`, about: [id, transferId] });
    }
    return findings;
  },
};

const outboxQuiet: Check = {
  name: 'outbox-quiet',
  promise: 'no outbox row is stuck: all work was done, none was given up',
  look({ outbox, world }) {
    const stuck = outbox.filter(({ state }) => state !== 'done');
    const findings = stuck.map(({ topic, payload, state, lastError, attempts }) => ({
      text: `${topic} is ${state} after ${attempts} failures: ${lastError ?? 'no error'}`,
      about: Object.values(JSON.parse(payload) as Record<string, unknown>).map(String),
    }));
    if (world.becameQuiet || findings.length > 0) return findings;
    return [{ text: 'the world never came to rest', about: [] }];
  },
};

/** Codes that prove that nothing was charged (the operator's documentation). */
const PROVEN = new Set(['1', '1019', '1032', '1037', '2001', '2028', '2029']);

/** The operator can be asked about it by its receipt, and says so when it was done; what it never did stays unknown. */
function undecidedReversal(facts: Facts, { id, reference, state, purposeId }: Facts['transfers'][number]): Finding[] {
  if (state === 'succeeded' || state === 'failed') return [];
  const original = facts.transfers.find((one) => one.id === purposeId);
  const about = [id, reference, purposeId, original?.receipt];
  if (original && takenBackBy(facts, original)) {
    return [{ text: `reversal ${reference} is ${state}, and the money went back`, about }];
  }
  const isShown = state === 'unknown' && facts.breaks.some(({ subjectId }) => subjectId === id);
  return isShown ? [] : [{ text: `reversal ${reference} is ${state}, and nobody was shown it`, about }];
}

const decided: Check = {
  name: 'decided',
  promise: 'no transfer is left unknown that any evidence decides; what nobody can decide is shown to staff',
  look(facts) {
    const findings: Finding[] = [];
    const { core, evidence } = facts.world;
    const prompts = new Map([...core.operator.shelf.list()].map((prompt) => [prompt.account, prompt]));
    const paid = new Map(core.operator.books.all().map((one) => [one.account, one.receipt]));
    for (const transfer of facts.transfers) {
      if (transfer.route === 'payout') continue;
      if (transfer.route === 'reversal') {
        findings.push(...undecidedReversal(facts, transfer));
        continue;
      }
      const { state, reference, id, checkoutRequestId, receipt } = transfer;
      const about = [id, reference, checkoutRequestId, receipt, transfer.payer];
      if (state === 'succeeded' && receipt === null) {
        findings.push({ text: `${reference} succeeded, and its receipt was never fetched`, about });
      }
      if (state === 'succeeded' || state === 'failed') continue;
      const prompt = prompts.get(reference);
      const said = prompt ? (evidence.heard.get(prompt.checkoutRequestId) ?? []) : [];
      const askable = checkoutRequestId !== null && prompt?.closed !== undefined;
      if (paid.has(reference)) findings.push({ text: `${reference} is ${state}, and was paid`, about });
      else if (said.some((code) => PROVEN.has(code))) {
        findings.push({ text: `${reference} is ${state}, and the operator said ${said.join(', ')}`, about });
      } else if (askable) findings.push({ text: `${reference} is ${state}, and a query would decide it`, about });
      else if (state !== 'unknown' || !facts.breaks.some(({ subjectId }) => subjectId === id)) {
        findings.push({ text: `${reference} is ${state}, and nobody was shown it`, about });
      }
    }
    return findings;
  },
};

const failedOnProof: Check = {
  name: 'failed-on-proof',
  promise: 'no transfer is called failed unless the operator said so or nothing was sent',
  look(facts) {
    const { core, evidence } = facts.world;
    const prompts = new Map([...core.operator.shelf.list()].map((prompt) => [prompt.account, prompt]));
    const failed = new Set(
      facts.transferEvents.filter(({ toState }) => toState === 'failed').map((one) => one.transferId),
    );
    const findings: Finding[] = [];
    for (const { id, reference, route, purposeId } of facts.transfers) {
      if (!failed.has(id) || route === 'payout') continue;
      if (route === 'reversal') {
        const original = facts.transfers.find((one) => one.id === purposeId);
        const others = facts.transfers.filter((one) => one.purposeId === purposeId && one.state === 'succeeded');
        if (!original || !takenBackBy(facts, original) || others.length > 0) continue;
        const about = [id, reference, purposeId, original.receipt];
        findings.push({ text: `reversal ${reference} was called failed, and the money went back`, about });
        continue;
      }
      const outcomes = evidence.prompted.get(reference) ?? [];
      const prompt = prompts.get(reference);
      const said = prompt ? (evidence.said.get(prompt.checkoutRequestId) ?? []) : [];
      const wasRefused = outcomes.at(-1)?.startsWith('refused') === true || outcomes.at(-1) === 'not sent';
      const isProven = said.some((code) => code !== '0') || outcomes.length === 0 || (wasRefused && !prompt);
      if (isProven) continue;
      const heard = [...outcomes, ...said].join(', ');
      findings.push({
        text: `${reference} was called failed; the operator said only: ${heard}`,
        about: [id, reference],
      });
    }
    return findings;
  },
};

const keptBeforeAnswered: Check = {
  name: 'kept-before-answered',
  promise: 'what a provider was told that we have, we have',
  look({ world, inbox }) {
    const kept = new Set(inbox.map(({ bodyHash }) => bodyHash));
    const lost = world.evidence.taken.filter(({ bodyHash }) => !kept.has(bodyHash));
    return lost.map(({ what, bodyHash }) => ({ text: `${what} was answered and is not kept`, about: [bodyHash] }));
  },
};

const nothingBroke: Check = {
  name: 'nothing-broke',
  promise: 'nothing that comes from outside makes a 5xx, and no error goes uncaught',
  look: ({ world }) => [...world.bugs, ...world.evidence.failures].map((text) => ({ text, about: [] })),
};

export const storyChecks: readonly Check[] = [
  nothingBroke,
  transitions,
  failedOnProof,
  keptBeforeAnswered,
  decided,
  outboxQuiet,
];

export type { Facts };
