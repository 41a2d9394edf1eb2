import { Like } from 'typeorm';
import type { Database } from '../../platform/database/index.ts';
import type { Organisation } from '../organisations/index.ts';
import { rolesOf, StaffMemberSchema } from '../staff/index.ts';

/** Nobody has more people who make or approve batches. */
const MOST_TOLD = 50;

export interface Told {
  /** Of a member, or `contact`. */
  id: string;
  email: string;
  language: string;
}

/** Who makes or approves batches of an organisation, each with his language; without any, its contact. */
export async function whoDecides(reader: Database['reader'], organisation: Organisation): Promise<Told[]> {
  const members = await reader.find(StaffMemberSchema, {
    where: ['initiator', 'approver'].map((role) => ({
      ...{ scope: organisation.id, state: 'active' as const, roles: Like(`%${role}%`) },
    })),
    take: MOST_TOLD,
  });
  const people = members.filter((one) => rolesOf(one).some((role) => role === 'initiator' || role === 'approver'));
  const { contactEmail, language } = organisation;
  if (people.length === 0) return [{ id: 'contact', email: contactEmail, language }];
  return people.map(({ id, email, language }) => ({ id, email, language }));
}
