import { z } from 'zod';
import { type PayoutSchedule, parseRule, type RunView, scheduleRuleSchema } from '../../domain/payout-batches/index.ts';
import { formatDecimal } from '../../kernel/index.ts';
import { BatchShape, Hours, showBatch } from './batch-shapes.ts';
import { answerShapes, requestShapes } from './endpoint.ts';
import { Amount, Currency, Id, Instant, instantOf, instantOrNull, ReasonText } from './shapes.ts';

/** The domain's own rules, each with a name in the document; in answers something new may come. */
const [once, week, month] = scheduleRuleSchema.options;
const Rule = z
  .discriminatedUnion('every', [
    once.register(requestShapes, { id: 'NewRuleOnce' }),
    week.register(requestShapes, { id: 'NewRuleWeek' }),
    month.register(requestShapes, { id: 'NewRuleMonth' }),
  ])
  .describe('When it is due, in the time of your country');
const ShownRule = z.discriminatedUnion('every', [
  z.object(once.shape).register(answerShapes, { id: 'RuleOnce' }),
  z.object(week.shape).register(answerShapes, { id: 'RuleWeek' }),
  z.object(month.shape).register(answerShapes, { id: 'RuleMonth' }),
]);

const Amounts = z
  .enum(['last', 'fixed'])
  .describe('last: the people and amounts of the last run that was approved; fixed: always those of `batchId`');

export const ScheduleShape = z
  .object({
    id: Id,
    name: z.string(),
    state: z
      .enum(['active', 'paused', 'ended'])
      .describe('paused: nothing is made until it is resumed; ended: for good'),
    rule: ShownRule,
    batchId: Id.describe('The batch that it began with'),
    amounts: Amounts,
    hours: Hours,
    nextAt: Instant.nullable().describe('When the next batch is made; null: it is not active'),
    lastBatchId: Id.nullable().describe('The batch that it made last'),
    standing: z
      .object({
        state: z.enum(['asked', 'given']),
        mostTotal: Amount.describe('Of one run'),
        mostRows: z.int().describe('Of one run'),
        until: Instant,
      })
      .nullable()
      .describe(
        'By which people agreed to its runs beforehand; null: every run waits for people. A key neither asks nor gives',
      ),
    currency: Currency,
    createdAt: Instant,
  })
  .register(answerShapes, { id: 'Schedule' });

export const RunShape = z
  .object({
    dueDay: z.iso.date().describe('One day has one run'),
    dueAt: Instant,
    outcome: z
      .enum(['making', 'checking', 'standing', 'people', 'not-made'])
      .describe('standing: the standing approval covered it; people: it waits for people, or one took it on'),
    why: z.string().nullable().describe('Why people are needed, or why nothing was made; a code, new ones may come'),
    batch: BatchShape.nullable().describe('That it made, as it stands now; null: none'),
    changedAt: Instant,
  })
  .register(answerShapes, { id: 'ScheduleRun' });

const terms = {
  name: z.string().min(2).max(60).describe('Its batches are called by it and their day'),
  rule: Rule,
  batchId: Id.describe('A batch of yours that others have approved: its people are paid again'),
  amounts: Amounts.default('last'),
  hours: Hours.default('at-once'),
};

export const NewScheduleBody = z.strictObject(terms).register(requestShapes, { id: 'NewSchedule' });

export const ChangeScheduleBody = z
  .strictObject({ ...terms, reason: ReasonText })
  .register(requestShapes, { id: 'ChangeSchedule' });

export function showSchedule(schedule: PayoutSchedule, currency: string): z.input<typeof ScheduleShape> {
  const { id, name, state, rule, sourceBatchId, amounts, hours, nextAtMs, lastBatchId, createdAtMs } = schedule;
  return {
    ...{ id, name, state, rule: parseRule(JSON.parse(rule)), batchId: sourceBatchId, amounts, hours },
    ...{ nextAt: instantOrNull(nextAtMs), lastBatchId, standing: standingOf(schedule, currency), currency },
    createdAt: instantOf(createdAtMs),
  };
}

function standingOf(schedule: PayoutSchedule, currency: string): z.input<typeof ScheduleShape>['standing'] {
  const { standingMostMinor, standingMostRows, standingUntilMs, standingApprovers } = schedule;
  if (standingMostMinor === null || standingMostRows === null || standingUntilMs === null) return null;
  return {
    state: standingApprovers === null ? 'asked' : 'given',
    mostTotal: formatDecimal({ amountMinor: standingMostMinor, currency }),
    ...{ mostRows: standingMostRows, until: instantOf(standingUntilMs) },
  };
}

export function showRun({ dueDay, dueAtMs, outcome, why, batch, changedAtMs }: RunView): z.input<typeof RunShape> {
  return {
    ...{ dueDay, dueAt: instantOf(dueAtMs), outcome, why, batch: batch ? showBatch(batch) : null },
    changedAt: instantOf(changedAtMs),
  };
}
