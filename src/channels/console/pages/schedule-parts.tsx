import type { Organisation } from '../../../domain/organisations/index.ts';
import {
  type PayoutBatch,
  type PayoutSchedule,
  parseRule,
  type ScheduleRule,
  type ScheduleState,
} from '../../../domain/payout-batches/index.ts';
import { schedulesPath } from '../batch-access.ts';
import type { Tone } from '../tones.ts';
import type { Visit } from '../visit.ts';
import { Badge } from './frame.tsx';

const TONES: Readonly<Record<ScheduleState, Tone>> = { active: 'good', paused: 'wait', ended: 'quiet' };

export function ScheduleBadge({ visit, state }: { visit: Visit; state: ScheduleState }) {
  return <Badge tone={TONES[state]}>{visit.words.say(`schedule-state.${state}`)}</Badge>;
}

const ruleOf = ({ rule }: PayoutSchedule): ScheduleRule => parseRule(JSON.parse(rule));

/** When it is due, in words. */
export function ruleWords({ words: { say } }: Visit, schedule: PayoutSchedule): string {
  const rule = ruleOf(schedule);
  if (rule.every === 'once') return say('schedule.once', { day: rule.day, at: rule.at });
  const when =
    rule.every === 'week'
      ? say('schedule.weekly', { day: say(`weekday.${rule.weekday}`), at: rule.at })
      : say('schedule.monthly', { day: rule.day, at: rule.at });
  return rule.dayOff === 'before' ? say('schedule.moved-before', { when }) : when;
}

export function ScheduleTrail({ visit, organisation }: { visit: Visit; organisation: Organisation }) {
  return (
    <p class="hint">
      {organisation.name} · <a href={schedulesPath(organisation)}>{visit.words.say('schedule.all')}</a>
    </p>
  );
}

/** What was agreed when it was made, as the fields of its form have it. */
export function givenOf(schedule: PayoutSchedule): Record<string, string> {
  const { name, sourceBatchId: batch, amounts, hours } = schedule;
  const rule = ruleOf(schedule);
  const day = rule.every === 'once' ? { day: rule.day } : {};
  const weekday = rule.every === 'week' ? { weekday: String(rule.weekday) } : {};
  const monthDay = rule.every === 'month' ? { 'month-day': String(rule.day) } : {};
  const dayOff = rule.every !== 'once' && rule.dayOff ? { 'day-off': rule.dayOff } : {};
  return { name, batch, amounts, hours, every: rule.every, at: rule.at, ...day, ...weekday, ...monthDay, ...dayOff };
}

interface TermsProps {
  visit: Visit;
  batches: readonly PayoutBatch[];
  given: Readonly<Record<string, string>>;
}

const WEEKDAYS = [1, 2, 3, 4, 5, 6, 0];

/** Everything that is said of a schedule when it is made or changed. */
export function Terms({ visit, batches, given }: TermsProps) {
  const { say } = visit.words;
  return (
    <>
      <div class="field">
        <label for="name">{say('batch.name')}</label>
        <input
          {...{ id: 'name', name: 'name', value: given.name ?? '', autocomplete: 'off' }}
          required
          minLength={2}
          maxLength={60}
        />
      </div>
      <div class="field">
        <label for="batch">{say('schedule.source')}</label>
        <select id="batch" name="batch">
          {batches.map(({ id, number, name }) => (
            <option key={id} value={id} selected={given.batch === id}>
              {number} {name}
            </option>
          ))}
        </select>
      </div>
      <Radios visit={visit} name="amounts" label="schedule.amounts" values={['last', 'fixed']} given={given} />
      <When visit={visit} given={given} />
      <Radios visit={visit} name="hours" label="batch.when" values={['at-once', 'working-hours']} given={given} />
    </>
  );
}

function When({ visit, given }: Omit<TermsProps, 'batches'>) {
  const { say } = visit.words;
  // A browser that does not know which rhythm is chosen shows the fields of all.
  const field = (id: string, type: 'text' | 'number' | 'date' | 'time', extra: object = {}, of = '') => (
    <div class={`field ${of}`.trim()}>
      <label for={id}>{say(`schedule.field.${id}`)}</label>
      <input {...({ id, name: id, type, value: given[id] ?? '', ...extra } as object)} />
    </div>
  );
  return (
    <div class="rhythm">
      <Radios visit={visit} name="every" label="schedule.every" values={['month', 'week', 'once']} given={given} />
      {field('month-day', 'number', { min: 1, max: 31 }, 'of-month')}
      <div class="field of-week">
        <label for="weekday">{say('schedule.field.weekday')}</label>
        <select id="weekday" name="weekday">
          {WEEKDAYS.map((day) => (
            <option key={day} value={String(day)} selected={given.weekday === String(day)}>
              {say(`weekday.${day}`)}
            </option>
          ))}
        </select>
      </div>
      {field('day', 'date', {}, 'of-once')}
      <label class="check of-month of-week">
        <input type="checkbox" name="day-off" value="before" checked={given['day-off'] === 'before'} />
        {say('schedule.day-off')}
      </label>
      {field('at', 'time', { required: true, ...(given.at ? {} : { value: '09:00' }) })}
    </div>
  );
}

interface RadiosProps {
  visit: Visit;
  name: string;
  label: string;
  values: readonly string[];
  given: Readonly<Record<string, string>>;
}

function Radios({ visit, name, label, values, given }: RadiosProps) {
  const { say } = visit.words;
  return (
    <fieldset>
      <legend>{say(label)}</legend>
      {values.map((value) => (
        <label key={value} class="check">
          <input type="radio" name={name} value={value} checked={(given[name] ?? values[0]) === value} />
          {name === 'hours' ? say(`batch-hours.${value}`) : say(`schedule-${name}.${value}`)}
        </label>
      ))}
    </fieldset>
  );
}
