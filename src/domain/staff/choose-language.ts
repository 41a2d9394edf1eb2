import { Refusal } from '../../kernel/index.ts';
import type { StaffDeps } from './deps.ts';
import { StaffMemberSchema } from './staff-member.ts';

/** The language of somebody's own pages and mails from now on; whoever calls knows that we speak it. Refuses with `staff.not-found`. */
export async function chooseOwnLanguage(
  { database }: Pick<StaffDeps, 'database'>,
  { memberId, language }: { memberId: string; language: string },
): Promise<void> {
  await database.transaction(async (tx) => {
    const member = await tx.lockOne(StaffMemberSchema, { id: memberId });
    if (!member) throw new Refusal('staff.not-found');
    await tx.update(StaffMemberSchema, { id: member.id }, { language });
  });
}
