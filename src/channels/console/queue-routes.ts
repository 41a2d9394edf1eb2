import { assign, countQueues, isQueue, listQueue, MOST_COUNTED, type Queue } from '../../domain/queues/index.ts';
import { getBreak } from '../../domain/reconciliation/index.ts';
import { HOUSE, listStaff, namesOfPeople, type StaffRole } from '../../domain/staff/index.ts';
import { paymentOfSubject } from '../../domain/stories/index.ts';
import { answerBreak, proposeBreak, releaseHeld, resendWebhook, reviveWork } from '../../domain/support/index.ts';
import { invariant } from '../../kernel/index.ts';
import { HttpError } from '../../platform/http/index.ts';
import { sendPage } from '../../platform/pages/index.ts';
import type { ConsoleRoute } from './console-route.ts';
import { noteOf, reasonOf } from './form.ts';
import { BreakPage } from './pages/break-page.tsx';
import { QueuesPage } from './pages/queues-page.tsx';
import type { Desk, Visit } from './visit.ts';

const READERS: readonly StaffRole[] = ['support', 'finance', 'administrator', 'auditor'];
const ACTORS: readonly StaffRole[] = ['support', 'finance', 'administrator'];
const MONEY: readonly StaffRole[] = ['finance', 'administrator'];

/** What waits for a person, and what can be done about it. */
export const queueRoutes: readonly ConsoleRoute[] = [
  {
    method: 'get',
    path: '/console/queues',
    allow: READERS,
    handle: (_, visit) => visit.goTo('/console/queues/breaks'),
  },
  { method: 'get', path: '/console/queues/:queue', allow: READERS, handle: showQueue },
  { method: 'post', path: '/console/queues/:queue/assign', allow: ACTORS, handle: assignItem },
  { method: 'post', path: '/console/queues/:queue/repeat', allow: MONEY, handle: repeatItem },
  { method: 'post', path: '/console/payments/:id/release', allow: MONEY, handle: release },
  { method: 'get', path: '/console/breaks/:id', allow: READERS, handle: showBreak },
  { method: 'post', path: '/console/breaks/:id/propose', allow: MONEY, handle: propose },
  {
    method: 'post',
    path: '/console/breaks/:id/confirm',
    allow: MONEY,
    handle: (desk, visit) => answer(desk, visit, true),
  },
  {
    method: 'post',
    path: '/console/breaks/:id/reject',
    allow: MONEY,
    handle: (desk, visit) => answer(desk, visit, false),
  },
];

function queueOf({ ctx }: Visit): Queue {
  const { queue } = ctx.params;
  if (!isQueue(queue)) throw new HttpError(404);
  return queue;
}

async function showQueue({ deps }: Desk, visit: Visit): Promise<void> {
  const queue = queueOf(visit);
  const { domain } = deps;
  const [items, counts, members] = await Promise.all([
    listQueue(domain, queue),
    countQueues(domain),
    listStaff(domain, HOUSE),
  ]);
  const active = members.filter(({ state }) => state === 'active');
  const nowMs = domain.runtime.clock.now();
  const page = QueuesPage({
    ...{
      visit,
      queue,
      counts,
      most: MOST_COUNTED,
      items,
      members: active,
      billers: deps.billers,
      nowMs,
      note: noteOf(visit),
    },
  });
  sendPage(visit.ctx, page, { language: visit.words.language, compress: false });
}

/** Oneself, another or nobody. Who had it before is told on the page, so that two who take it at once learn of each other. */
async function assignItem({ deps }: Desk, visit: Visit): Promise<void> {
  const queue = queueOf(visit);
  const { item = '', owner = '' } = visit.form;
  const members = await listStaff(deps.domain, HOUSE);
  if (item === '' || (owner !== '' && !members.some(({ id }) => id === owner))) throw new HttpError(422);
  await assign(deps.domain, visit.actor(), { queue, subjectId: item.slice(0, 36), ownerId: owner || null });
  visit.goTo(`/console/queues/${queue}?done=${owner === '' ? 'given-back' : 'taken'}`);
}

async function repeatItem({ deps }: Desk, visit: Visit): Promise<void> {
  const queue = queueOf(visit);
  const { item = '' } = visit.form;
  const reason = reasonOf(visit.form);
  if (queue === 'work') await reviveWork(deps.domain, visit.actor(), { rowId: item, reason });
  else if (queue === 'webhooks') await resendWebhook(deps.domain, visit.actor(), { deliveryId: item, reason });
  else throw new HttpError(404);
  visit.goTo(`/console/queues/${queue}?done=repeated`);
}

async function release({ deps }: Desk, visit: Visit): Promise<void> {
  const paymentId = String(visit.ctx.params.id);
  await releaseHeld(deps.domain, visit.actor(), { paymentId, reason: reasonOf(visit.form) });
  visit.goTo(`/console/payments/${paymentId}?done=released`);
}

async function showBreak({ deps }: Desk, visit: Visit): Promise<void> {
  const { domain } = deps;
  const { found, events } = await getBreak(domain, String(visit.ctx.params.id));
  const people = [...events.map(({ actor }) => actor), found.proposedBy ?? ''];
  const names = await namesOfPeople(domain, people);
  const paymentId = await paymentOfSubject(domain, found.subjectId);
  const page = BreakPage({ visit, found, events, names, paymentId, note: noteOf(visit) });
  sendPage(visit.ctx, page, { language: visit.words.language, compress: false });
}

function breakAct({ ctx, form, signedIn }: Visit) {
  invariant(signedIn, 'the route is only for who is signed in');
  return { breakId: String(ctx.params.id), reason: reasonOf(form), personId: signedIn.member.personId };
}

async function propose({ deps }: Desk, visit: Visit): Promise<void> {
  const resolution = visit.form.resolution ?? '';
  await proposeBreak(deps.domain, visit.actor(), { ...breakAct(visit), resolution });
  visit.goTo(`/console/breaks/${visit.ctx.params.id}?done=proposed`);
}

async function answer({ deps }: Desk, visit: Visit, agrees: boolean): Promise<void> {
  await answerBreak(deps.domain, visit.actor(), { ...breakAct(visit), agrees });
  visit.goTo(`/console/breaks/${visit.ctx.params.id}?done=${agrees ? 'confirmed' : 'rejected'}`);
}
