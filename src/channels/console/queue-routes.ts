import {
  assign,
  countQueue,
  countQueues,
  describeSubjects,
  isQueue,
  listQueue,
  MOST_COUNTED,
  organisationsOf,
  type Queue,
  topicsGivenUp,
} from '../../domain/queues/index.ts';
import { getBreak } from '../../domain/reconciliation/index.ts';
import { HOUSE, listStaff, namesOfPeople, type StaffRole } from '../../domain/staff/index.ts';
import { paymentOfSubject } from '../../domain/stories/index.ts';
import { answerBreak, proposeBreak, releaseHeld, resendWebhook, reviveWork } from '../../domain/support/index.ts';
import { invariant, Refusal } from '../../kernel/index.ts';
import { HttpError } from '../../platform/http/index.ts';
import { sendPage } from '../../platform/pages/index.ts';
import type { ConsoleRoute } from './console-route.ts';
import { noteOf, reasonOf } from './form.ts';
import { type BreakActName, BreakPage, fasterWords } from './pages/break-page.tsx';
import { QueuesPage } from './pages/queues-page.tsx';
import { queuePlaceText, readQueueFilters, readQueuePlace } from './queue-filters.ts';
import type { Desk, Visit } from './visit.ts';
import { refusalWords } from './words.ts';

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
  { method: 'get', path: '/console/breaks/:id', allow: READERS, handle: (desk, visit) => showBreak(desk, visit) },
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

async function showQueue(desk: Desk, visit: Visit): Promise<void> {
  const queue = queueOf(visit);
  const { domain } = desk.deps;
  const { filters, address } = readQueueFilters(desk, visit, queue, visit.query);
  const after = readQueuePlace(visit.query.after);
  const [page, counts, fitting, members, organisations, topics] = await Promise.all([
    listQueue(domain, queue, { filters, after }),
    countQueues(domain),
    address === '' ? undefined : countQueue(domain, queue, { filters }),
    listStaff(domain, HOUSE),
    organisationsOf(domain, queue),
    queue === 'work' ? topicsGivenUp(domain) : [],
  ]);
  const active = members.filter(({ state }) => state === 'active');
  const nowMs = domain.runtime.clock.now();
  const body = QueuesPage({
    ...{ desk, visit, queue, counts, most: MOST_COUNTED, page, address, fitting, isLater: after !== undefined },
    ...{ members: active, organisations, topics, nowMs, note: noteOf(visit) },
  });
  sendPage(visit.ctx, body, { language: visit.words.language, compress: false });
}

/** Back to the page of the queue on which somebody acted. */
function goBack(desk: Desk, visit: Visit, queue: Queue, done: string): void {
  const from = Object.fromEntries(new URLSearchParams(visit.form.from ?? ''));
  const query = new URLSearchParams(readQueueFilters(desk, visit, queue, from).address);
  const after = readQueuePlace(from.after);
  if (after) query.set('after', queuePlaceText(after));
  query.set('done', done);
  visit.goTo(`/console/queues/${queue}?${query}`);
}

/** Oneself, another or nobody. Who had it before is told on the page, so that two who take it at once learn of each other. */
async function assignItem(desk: Desk, visit: Visit): Promise<void> {
  const { deps } = desk;
  const queue = queueOf(visit);
  const { item = '', owner = '' } = visit.form;
  const members = await listStaff(deps.domain, HOUSE);
  if (item === '' || (owner !== '' && !members.some(({ id }) => id === owner))) throw new HttpError(422);
  await assign(deps.domain, visit.actor(), { queue, subjectId: item.slice(0, 36), ownerId: owner || null });
  goBack(desk, visit, queue, owner === '' ? 'given-back' : 'taken');
}

async function repeatItem(desk: Desk, visit: Visit): Promise<void> {
  const { deps } = desk;
  const queue = queueOf(visit);
  const { item = '' } = visit.form;
  const reason = reasonOf(visit.form);
  if (queue === 'work') await reviveWork(deps.domain, visit.actor(), { rowId: item, reason });
  else if (queue === 'webhooks') await resendWebhook(deps.domain, visit.actor(), { deliveryId: item, reason });
  else throw new HttpError(404);
  goBack(desk, visit, queue, 'repeated');
}

async function release({ deps }: Desk, visit: Visit): Promise<void> {
  const paymentId = String(visit.ctx.params.id);
  await releaseHeld(deps.domain, visit.actor(), { paymentId, reason: reasonOf(visit.form) });
  visit.goTo(`/console/payments/${paymentId}?done=released`);
}

/** An act of this page that was refused. */
interface RefusedAct {
  act: BreakActName;
  error: Refusal;
}

async function showBreak(desk: Desk, visit: Visit, refusedAct?: RefusedAct): Promise<void> {
  const { domain } = desk.deps;
  const { words, form } = visit;
  const { found, events } = await getBreak(domain, String(visit.ctx.params.id));
  const people = [...events.map(({ actor }) => actor), found.proposedBy ?? ''];
  const names = await namesOfPeople(domain, people);
  const paymentId = await paymentOfSubject(domain, found.subjectId);
  const subject = (await describeSubjects(domain.database, [found.subjectId])).get(found.subjectId);
  const last = events.at(-1);
  const isLate = refusedAct?.error.code === 'break.wrong-state' && last !== undefined;
  const refused = refusedAct && {
    fault: isLate ? fasterWords(visit, last, names) : refusalWords(words, refusedAct.error),
    ...{ act: refusedAct.act, reason: form.reason ?? '', resolution: form.resolution ?? '' },
  };
  const note = refused ? undefined : noteOf(visit);
  const page = BreakPage({ desk, visit, found, events, names, paymentId, subject, note, refused });
  sendPage(visit.ctx, page, { status: refused ? 422 : 200, language: words.language, compress: false });
}

/** Whoever was slower is told who did what, and stays where he can go on. */
async function actOnBreak(desk: Desk, visit: Visit, act: BreakActName, run: () => Promise<void>): Promise<void> {
  try {
    await run();
    const done = { propose: 'proposed', confirm: 'confirmed', reject: 'rejected' }[act];
    visit.goTo(`/console/breaks/${visit.ctx.params.id}?done=${done}`);
  } catch (error) {
    if (!(error instanceof Refusal) || error.code === 'break.not-found') throw error;
    await showBreak(desk, visit, { act, error });
  }
}

function breakAct({ ctx, form, signedIn }: Visit) {
  invariant(signedIn, 'the route is only for who is signed in');
  return { breakId: String(ctx.params.id), reason: reasonOf(form), personId: signedIn.member.personId };
}

function propose(desk: Desk, visit: Visit): Promise<void> {
  const resolution = visit.form.resolution ?? '';
  const act = { ...breakAct(visit), resolution };
  return actOnBreak(desk, visit, 'propose', () => proposeBreak(desk.deps.domain, visit.actor(), act));
}

function answer(desk: Desk, visit: Visit, agrees: boolean): Promise<void> {
  const act = { ...breakAct(visit), agrees };
  return actOnBreak(desk, visit, agrees ? 'confirm' : 'reject', () =>
    answerBreak(desk.deps.domain, visit.actor(), act),
  );
}
