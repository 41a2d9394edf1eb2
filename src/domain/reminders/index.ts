export { type ConsentDeps, setReminders, setRemindersIn, wantsReminders } from './consent.ts';
export type { ReminderDeps, ReminderSettings } from './deps.ts';
export { type Estimate, estimateReminders } from './estimate-reminders.ts';
export { handReminders, SEND_REMINDER } from './hand-reminders.ts';
export { type PlanInput, type PlanProgress, type PlanReport, planReminders } from './plan-reminders.ts';
export {
  type Reminder,
  type ReminderConsent,
  ReminderConsentSchema,
  type ReminderRun,
  ReminderRunSchema,
  ReminderSchema,
  type ReminderState,
  reminderStates,
  type SkipReason,
} from './reminder.ts';
export { sendReminder } from './send-reminder.ts';
export { isAllowed, nextWindow, type SendingHours, zonesOf } from './sending-hours.ts';
