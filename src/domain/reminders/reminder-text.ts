import { businessDay, dayWindow, type Money, roundUpToMajor } from '../../kernel/index.ts';
import { payDialString } from '../billers/index.ts';
import type { NewMessage } from '../messages/index.ts';
import type { ReminderDeps } from './deps.ts';
import type { Reminder } from './reminder.ts';

/** What a reminder says at an instant: that the bill will be due, is due today, or was due. */
export function reminderText(
  { billers, serviceCode, reminderSettings, runtime }: ReminderDeps,
  { billerId, account, dueDay }: Pick<Reminder, 'billerId' | 'account' | 'dueDay'>,
  due: Money,
): Pick<NewMessage, 'kind' | 'values' | 'keepWhole'> {
  const { timeZone, stopNumber } = reminderSettings;
  const biller = billers.get(billerId);
  const today = businessDay(runtime.clock.now(), timeZone);
  // The prompt moves whole units only; what the customer owes is told to the cent.
  const dial = payDialString(serviceCode, biller, account, roundUpToMajor(due));
  return {
    kind: wordingOf(today, dueDay),
    // A link to the page for paying would stand here as one more value, with a place in the texts `sms.reminder-*`.
    values: {
      biller: biller.name,
      account,
      due,
      date: new Date(dayWindow(dueDay, timeZone).fromMs),
      dial,
      stop: stopNumber,
    },
    keepWhole: [dial],
  };
}

function wordingOf(today: string, dueDay: string): NewMessage['kind'] {
  if (today < dueDay) return 'reminder-before';
  return today === dueDay ? 'reminder-today' : 'reminder-after';
}
