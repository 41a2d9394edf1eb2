import { queueMail } from '../mails/index.ts';
import { OrganisationSchema } from '../organisations/index.ts';
import { PayoutScheduleSchema, type ScheduleRun, ScheduleRunSchema } from '../payout-batches/index.ts';
import type { PayoutNewsDeps } from './deps.ts';
import { whoDecides } from './who-decides.ts';

/** What is said in words of its own. */
const SAID = [
  ...['not-made', 'warnings', 'faults', 'taken-on', 'standing-none', 'standing-undecided', 'standing-total'],
  ...['standing-rows', 'standing-recipients', 'standing-over', 'standing-people-changed'],
];

function reasonOf({ outcome, why }: ScheduleRun): string {
  const reason = outcome === 'not-made' ? outcome : (why ?? 'other');
  return SAID.includes(reason) ? reason : 'other';
}

/**
 * Work of `payout-schedule.needs-people`: whoever makes or approves batches of the organisation hears by mail, in his language, that a
 * run waits or could not be made, and why. Without any, its contact does. Each once.
 */
export async function onRunWaits(deps: PayoutNewsDeps, { runId }: { runId: string }): Promise<void> {
  const { database, mail, texts, publicUrl } = deps;
  if (!mail) return;
  const { reader } = database;
  const run = await reader.findOneByOrFail(ScheduleRunSchema, { id: runId });
  const schedule = await reader.findOneByOrFail(PayoutScheduleSchema, { id: run.scheduleId });
  const organisation = await reader.findOneByOrFail(OrganisationSchema, { id: schedule.organisationId });
  const values = {
    ...{ organisation: organisation.name, name: schedule.name, day: run.dueDay },
    link: `${publicUrl}/console/organisations/${organisation.id}/schedules/${schedule.id}`,
  };
  const told = await whoDecides(reader, organisation);
  await database.transaction(async (tx) => {
    for (const { id, email, language } of told) {
      const what = texts.formatForPrint(language, `payouts.mail.run-why.${reasonOf(run)}`, values);
      const say = (text: string) => texts.formatForPrint(language, `payouts.mail.run-${text}`, { ...values, what });
      await queueMail({ ...deps, mail }, tx, {
        ...{ factKey: `schedule-run:${runId}:${id}`, to: email, subject: say('subject'), text: say('text') },
      });
    }
  });
}
