import { OrganisationSchema, releasePayouts } from '../../../../src/domain/organisations/index.ts';
import { PayoutBatchSchema } from '../../../../src/domain/payout-batches/index.ts';
import type { Service } from '../../../../src/wiring/service.ts';
import type { Draw } from '../../world/draw.ts';
import { actOnBatch } from './act-on-batches.ts';
import { bookMoney, bringMoney } from './bring-money.ts';
import { lookAtClaims } from './claims.ts';
import { conclude } from './conclude.ts';
import {
  APPROVERS,
  type EmployerDeps,
  INITIATOR,
  ORGANISATION_ID,
  setPresent,
  settleIn,
  unlessRefused,
} from './employer.ts';
import { mendRecipients, prepare } from './prepare.ts';
import { keepSchedule, LAST_MONTH_ID } from './schedules.ts';

export { BROUGHT } from './bring-money.ts';
export { anewFor } from './claims.ts';
export { type EmployerDeps, ORGANISATION_ID } from './employer.ts';
export { LAST_MONTH_ID } from './schedules.ts';

const MINUTE_MS = 60_000;

/** In some worlds an organisation pays people: its people do one thing after another, two at once now and then. Resolves when all has ended. */
export async function employers(deps: EmployerDeps, others: { schedules: Draw; claims: Draw }): Promise<void> {
  const { time, draw, plan } = deps;
  if (plan.schedule) void beside(deps, others.schedules, keepSchedule);
  if (plan.claims) void beside(deps, others.claims, lookAtClaims);
  if (plan.firstMinor > 0n) bringMoney(deps, plan.firstMinor);
  while (!deps.isLate()) {
    await time.sleep(draw.int(2_000, 25_000));
    const now = deps.running();
    now?.life.reach(() => void act(now.service, deps));
    if (draw.hits(0.15)) now?.life.reach(() => void act(now.service, deps));
  }
  let isOver = false;
  while (!isOver) {
    await time.sleep(MINUTE_MS);
    const now = deps.running();
    if (!now) continue;
    isOver = await Promise.race([conclude(now.service, deps), time.sleep(10 * MINUTE_MS).then(() => false)]);
  }
}

/** Somebody who does one thing after another, by chance of his own. */
async function beside(
  deps: EmployerDeps,
  draw: Draw,
  look: (service: Service, own: EmployerDeps) => Promise<void>,
): Promise<void> {
  while (!deps.isLate()) {
    await deps.time.sleep(draw.int(4_000, 25_000));
    const now = deps.running();
    now?.life.reach(() => void look(now.service, { ...deps, draw }));
  }
}

async function act(service: Service, deps: EmployerDeps): Promise<void> {
  const { draw, plan } = deps;
  const { database } = service.deps;
  const organisation = await settleIn(service);
  await bookMoney(service, deps);
  if (draw.hits(0.3)) await setPresent(service, draw.pick(APPROVERS), true);
  await release(service, deps);
  const batches = await database.reader.find(PayoutBatchSchema, { order: { id: 'ASC' } });
  const known = batches.filter(({ id }) => id !== LAST_MONTH_ID);
  const open = known.filter(({ state }) => !['closed', 'cancelled', 'paid', 'checking'].includes(state));
  await unlessRefused(async () => {
    const isNew =
      known.filter(({ scheduleId }) => scheduleId === null).length < plan.batches &&
      (open.length === 0 || draw.hits(0.3));
    if (isNew) await prepare(service, deps, organisation);
    else if (open.length > 0) await actOnBatch(service, deps, draw.pick(open));
  });
}

/** Whoever looks at why nothing goes out, and lets it go on. */
async function release({ deps }: Service, own: EmployerDeps): Promise<void> {
  const { draw, trace } = own;
  const organisation = await deps.database.reader.findOne(OrganisationSchema, { where: { id: ORGANISATION_ID } });
  if (!organisation || organisation.haltReason === null || !draw.hits(0.4)) return;
  if (draw.hits(0.7)) mendRecipients(own);
  await deps.database.transaction((tx) =>
    releasePayouts(deps, tx, ORGANISATION_ID, { actor: `staff:${INITIATOR}`, reason: 'looked at' }),
  );
  trace.note('payouts are released');
  trace.count('payouts released');
}
