import { createHash, randomBytes, randomInt, randomUUID } from 'node:crypto';
import {
  type StaffMember,
  StaffMemberSchema,
  type StaffRole,
  StaffSessionSchema,
} from '../../src/domain/staff/index.ts';
import type { Msisdn } from '../../src/kernel/index.ts';
import { openBrowser, type StaffBrowser } from './console-client.ts';
import type { TestService } from './service.ts';

/** Somebody with a login of this scope, who need not log in: for tests that are about what he may, and not how he came in. */
export async function memberOf(
  { books: { database } }: Pick<TestService, 'books'>,
  { scope, roles, ...rest }: Partial<StaffMember> & { scope: string; roles: StaffRole | string },
): Promise<StaffMember> {
  const id = randomUUID();
  const member: StaffMember = {
    ...{ id, personId: id, scope, email: `${id}@example.org`, name: `${roles} of it`, language: 'en', state: 'active' },
    ...{
      phone: `+2547${randomInt(10_000_000, 99_999_999)}` as Msisdn,
      roles,
      passwordHash: 'none',
      sealedSecret: null,
    },
    ...{ lastTimeStep: 0, failures: 0, lockedUntilMs: null, createdAtMs: Date.now(), ...rest },
  };
  await database.transaction((tx) => tx.insert(StaffMemberSchema, member));
  return member;
}

/** His browser, signed in. */
export async function browserOf(
  town: Pick<TestService, 'books' | 'gateway'>,
  { id: memberId }: StaffMember,
): Promise<StaffBrowser> {
  const token = randomBytes(32).toString('hex');
  const now = Date.now();
  await town.books.database.transaction((tx) =>
    tx.insert(StaffSessionSchema, {
      ...{ id: randomUUID(), memberId, tokenHash: createHash('sha256').update(token).digest('hex'), stage: 'full' },
      ...{ sealedOffer: null, address: '', agent: '', createdAtMs: now, lastSeenAtMs: now },
      ...{ expiresAtMs: now + 3_600_000, endedAtMs: null },
    }),
  );
  const browser = openBrowser(town);
  browser.cookie = `malipo_session=${token}`;
  await browser.get('/console/me');
  return browser;
}
