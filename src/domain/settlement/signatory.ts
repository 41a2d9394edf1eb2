import { Refusal } from '../../kernel/index.ts';
import type { Database } from '../../platform/database/index.ts';
import { HOUSE, StaffMemberSchema } from '../staff/index.ts';

/** Who answers for a settlement. */
export interface Signatory {
  /** As an auditor reads it. */
  name: string;
  /** The person behind the login; null for a name that was typed and is nobody's login. */
  personId: string | null;
}

/** Somebody who is signed in, or a name that was typed at a command line. */
export interface GivenSignatory {
  staff: string;
  personId?: string | undefined;
}

const LONGEST_NAME = 64;
const MOST_LOGINS = 500;

/**
 * A typed word is the person whose login has that name or email; where two have one name it is nobody's. Refuses (`settlement.name`) what is no
 * name or staff number.
 */
export async function signatoryOf(
  { database }: { database: Database },
  { staff, personId }: GivenSignatory,
): Promise<Signatory> {
  if (personId !== undefined) return { name: staff.slice(0, LONGEST_NAME), personId };
  if (!/^[\p{L}\p{N}][\p{L}\p{M}\p{N} .,'@_-]{1,63}$/u.test(staff)) throw new Refusal('settlement.name', {});
  const logins = await database.reader.find(StaffMemberSchema, {
    ...{ select: { personId: true, name: true, email: true }, where: { scope: HOUSE }, take: MOST_LOGINS },
  });
  const people = new Set(
    logins.filter(({ name, email }) => isSame(name, staff) || isSame(email, staff)).map((login) => login.personId),
  );
  const [only = null, ...more] = people;
  return { name: staff, personId: more.length > 0 ? null : only };
}

/** Whether one person may be behind both. Where an id is not known, the names and emails of the other's logins tell. */
export async function maySamePerson(
  { database }: { database: Database },
  one: Signatory,
  other: Signatory,
): Promise<boolean> {
  if (one.personId !== null && other.personId !== null) return one.personId === other.personId;
  const [ours, theirs] = await Promise.all([wordsFor(database, one), wordsFor(database, other)]);
  return ours.some((word) => theirs.some((their) => isSame(word, their)));
}

async function wordsFor({ reader }: Database, { name, personId }: Signatory): Promise<string[]> {
  if (personId === null) return [name];
  const logins = await reader.find(StaffMemberSchema, {
    ...{ select: { name: true, email: true }, where: { personId }, take: MOST_LOGINS },
  });
  return [name, ...logins.flatMap((login) => [login.name, login.email])];
}

/** Two spellings of one name are one. */
function isSame(one: string, other: string): boolean {
  const fold = (name: string) => name.normalize('NFKC').toLowerCase().replace(/\s+/g, ' ').trim();
  return fold(one) === fold(other);
}
