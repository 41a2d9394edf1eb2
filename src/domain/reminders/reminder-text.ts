import { businessDay, dayWindow, type Money, roundUpToMajor } from '../../kernel/index.ts';
import { payDialString } from '../billers/index.ts';
import type { NewMessage } from '../messages/index.ts';
import type { ReminderDeps } from './deps.ts';
import type { Reminder } from './reminder.ts';

/** Who finds an old reminder in his phone still gets to the bill, as long as it may be the same. */
const LINK_MS = 30 * 86_400_000;

/** What a reminder says at an instant: that the bill will be due, is due today, or was due. */
export function reminderText(
  { billers, serviceCode, payLinks, reminderSettings, runtime }: ReminderDeps,
  { billerId, account, dueDay, language }: Pick<Reminder, 'billerId' | 'account' | 'dueDay'> & { language: string },
  due: Money,
): Pick<NewMessage, 'kind' | 'values' | 'keepWhole'> {
  const { timeZone, stopNumber, hasLinks } = reminderSettings;
  const biller = billers.get(billerId);
  const now = runtime.clock.now();
  const today = businessDay(now, timeZone);
  // The prompt moves whole units only; what the customer owes is told to the cent.
  const amount = roundUpToMajor(due);
  const dial = payDialString(serviceCode, biller, account, amount);
  const link = hasLinks
    ? payLinks.shortPayAddress({ billerId, account, amount, language, expiresAtMs: now + LINK_MS })
    : '';
  return {
    kind: wordingOf(today, dueDay),
    values: {
      biller: biller.name,
      account,
      due,
      date: new Date(dayWindow(dueDay, timeZone).fromMs),
      dial,
      link,
      hasLink: hasLinks ? 'yes' : 'no',
      stop: stopNumber,
    },
    // The link may be cut: a handset with a browser puts the parts together.
    keepWhole: [dial],
  };
}

function wordingOf(today: string, dueDay: string): NewMessage['kind'] {
  if (today < dueDay) return 'reminder-before';
  return today === dueDay ? 'reminder-today' : 'reminder-after';
}
