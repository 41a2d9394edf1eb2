import { Readable } from 'node:stream';
import { exportPerson, proposeErasure } from '../../domain/privacy/index.ts';
import type { StaffRole } from '../../domain/staff/index.ts';
import { businessDay, invariant, type Msisdn } from '../../kernel/index.ts';
import { HttpError } from '../../platform/http/index.ts';
import type { ConsoleRoute } from './console-route.ts';
import { reasonOf } from './form.ts';
import { personOf, personPath } from './person-key.ts';
import type { Desk, Visit } from './visit.ts';

/** Who hands a person his file: it has his number, his messages and his tokens in it. */
export const FILE_HANDLERS: readonly StaffRole[] = ['administrator'];

/** Who takes the wish of a person to be forgotten; somebody else grants it, by menus/approvals.yaml. */
export const ERASURE_PROPOSERS: readonly StaffRole[] = ['support', 'administrator'];

const person = '/console/people/:key';

/** What a person may ask of us about himself. */
export const personRoutes: readonly ConsoleRoute[] = [
  { method: 'post', path: `${person}/export`, allow: FILE_HANDLERS, handle: sendFile },
  { method: 'post', path: `${person}/erase`, allow: ERASURE_PROPOSERS, handle: erase },
];

async function erase(desk: Desk, visit: Visit): Promise<void> {
  const { signedIn, form } = visit;
  invariant(signedIn, 'the route is only for who is signed in');
  const msisdn = msisdnOf(desk, visit);
  const proposal = { msisdn, reason: reasonOf(form), makerId: signedIn.member.personId };
  await proposeErasure(desk.deps.domain, visit.actor(), proposal);
  visit.goTo(`${personPath(desk, msisdn)}?done=erasure-proposed`);
}

export function msisdnOf(desk: Desk, { ctx }: Visit): Msisdn {
  const msisdn = personOf(desk, String(ctx.params.key));
  if (!msisdn) throw new HttpError(404);
  return msisdn;
}

/** Everything that is kept of the number, sent as it is read. That it leaves is recorded first. */
async function sendFile(desk: Desk, visit: Visit): Promise<void> {
  const { deps, downloads } = desk;
  const { ctx } = visit;
  const act = { msisdn: msisdnOf(desk, visit), reason: reasonOf(visit.form) };
  let body: Readable | undefined;
  const place = downloads.open(() => body?.destroy());
  try {
    body = Readable.from(await exportPerson(deps.domain, visit.actor(), act), { objectMode: false });
    // Whoever asked may be gone already.
    if (ctx.res.closed) place.end();
    else ctx.res.once('close', place.end);
  } catch (error) {
    place.end();
    throw error;
  }
  ctx.status = 200;
  ctx.set({
    'Content-Type': 'application/json; charset=utf-8',
    'Content-Disposition': `attachment; filename="malipo-person-${businessDay(deps.domain.runtime.clock.now(), deps.timeZone)}.json"`,
    'Content-Security-Policy': "default-src 'none'; sandbox",
    'X-Content-Type-Options': 'nosniff',
    'Cross-Origin-Resource-Policy': 'same-origin',
    'Cache-Control': 'no-store',
    'X-Accel-Buffering': 'no',
  });
  ctx.body = body;
}
