import { DialogPartSchema } from '../../src/domain/dialogs/index.ts';
import { type ExportRun, ExportRunSchema } from '../../src/domain/exports/index.ts';
import { type Payment, PaymentSchema } from '../../src/domain/payments/index.ts';
import { openBreak } from '../../src/domain/reconciliation/index.ts';
import { RefundSchema } from '../../src/domain/refunds/index.ts';
import { gatherHours, rebuildHours } from '../../src/domain/reports/index.ts';
import { STAFF_ROLES, StaffMemberSchema, type StaffRole } from '../../src/domain/staff/index.ts';
import { WebhookDeliverySchema, WebhookEndpointSchema } from '../../src/domain/webhooks/index.ts';
import { type Msisdn, newReference, systemRuntime } from '../../src/kernel/index.ts';
import { TransferSchema } from '../../src/money/transfers/index.ts';
import { silentLog } from '../../src/platform/log/index.ts';
import { OutboxRowSchema } from '../../src/platform/outbox/index.ts';
import { type StaffBrowser, signIn } from './console-client.ts';
import { newAccount } from './dial.ts';
import { type PlantedBatches, plantBatches } from './planted-batches.ts';
import { plantFunding, plantOrganisation } from './planted-organisation.ts';
import { plantedPayment, plantPayments } from './planted-payments.ts';
import { type PlantedSettlements, plantSettlements } from './planted-settlements.ts';
import type { TestService } from './service.ts';
import { eventually } from './service-eventually.ts';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

/** A town in which one of everything has happened that a page of the console can show, and where it stands. */
export interface FullTown {
  service: TestService;
  /** Somebody signed in of each role. */
  people: ReadonlyMap<StaffRole, StaffBrowser>;
  /** Paid by USSD for a meter, with a token, a note, acts and a proposed refund. */
  payment: Payment;
  /** The payer's page; her number is locked out of her PIN, and she has an account. */
  person: string;
  /** Of the proposed refund, which support asked for. */
  approval: string;
  breaks: { open: string; proposed: string };
  settlements: PlantedSettlements;
  /** Of the biller that was paid: an address for webhooks, with what it answered. */
  endpoint: string;
  /** A message of the operator. */
  callback: string;
  /** Of an organisation. */
  payouts: PlantedBatches;
  /** The owner is finance. */
  exports: Readonly<Record<ExportRun['state'], string>>;
  /** The page on which an invited person chooses a password; not used yet. */
  invitation: string;
  /** One that is not active yet, with one of everything. */
  organisation: string;
  /** Money of that organisation. */
  funding: string;
}

export async function fillTown(service: TestService): Promise<FullTown> {
  const people = new Map<StaffRole, StaffBrowser>();
  for (const role of STAFF_ROLES) people.set(role, await signIn(service, role));
  const as = (role: StaffRole) => people.get(role) as StaffBrowser;
  const payment = await payWithToken(service);
  await plantTroubles(service, payment);
  const person = (await as('support').get(`/console/search?q=${encodeURIComponent(payment.payer ?? '')}`)).location;
  const breaks = await plantBreaks(service, payment);
  await leaveTraces({ as, payment, person, breaks });
  const { reader } = service.books.database;
  const { approvalId } = await reader.findOneByOrFail(RefundSchema, { paymentId: payment.id });
  const [callback] = await service.books.inbox({ subjectId: payment.transferId as string });
  await plantHours(service);
  const settlements = await plantSettlements(service.books.database, payment);
  await service.books.untilQuiet();
  const endpoint = await tryEndpoint(service, as('administrator'), payment.billerId ?? '');
  const organisation = await plantOrganisation(service.books.database);
  return {
    ...{ service, people, payment, person, breaks, settlements, endpoint, callback: callback?.id ?? '' },
    approval: `/console/approvals/${approvalId}`,
    payouts: await plantBatches(service.books.database),
    exports: await plantExports(service),
    invitation: await invite(as('administrator')),
    organisation,
    funding: await plantFunding(service.books.database, organisation),
  };
}

/** By a customer who has an account of her own, called by a name of her own. */
async function payWithToken({ phone, books }: TestService): Promise<Payment> {
  const jane = await phone();
  const account = newAccount(1);
  await jane.dial(`*384*123*2*1*1*${account}#`);
  await jane.choose('1').ends('was added');
  await jane.dial('*384*123*2*1*2#').sees('A name for');
  await jane.choose('Shop').ends('is now called Shop');
  // And once she gave up before the end.
  await jane.dial('*384*123*1*1#');
  await jane.hangUp();
  const reference = await jane.pays({ biller: 1, account, amount: 500 });
  await books.payment(reference, 'posted');
  await books.untilQuiet();
  await eventually('the sessions are written down', async () => {
    const parts = await books.database.reader.countBy(DialogPartSchema, { msisdn: jane.msisdn as Msisdn });
    if (parts < 4) throw new Error(`${parts} so far`);
  });
  const [payment] = await books.payments({ reference });
  return payment as Payment;
}

/** Something for every queue, a message that did not arrive, work that is planned, and somebody who is locked out. */
async function plantTroubles({ books, control }: TestService, { id, payer }: Payment): Promise<void> {
  const { database } = books;
  const now = Date.now();
  const channel = 'paybill' as const;
  const named = () => ({ reference: newReference(systemRuntime.chance) });
  const old = {
    createdAtMs: now - 5 * HOUR_MS,
    billerId: 'maji-water',
    payer: null,
    dialler: null,
    channel,
  };
  const reason = 'reasons.account-not-found';
  const inTrouble = [
    plantedPayment({ ...old, ...named(), state: 'collected', amountMinor: 70_000n, collectedAtMs: now - 4 * HOUR_MS }),
    plantedPayment({ ...old, ...named(), state: 'suspense', amountMinor: 20_000n, reason, holder: '', account: '77' }),
    plantedPayment({ ...old, ...named(), state: 'refund-due', amountMinor: 30_000n, reason: 'reasons.biller-refused' }),
    plantedPayment({ ...old, ...named(), state: 'held', amountMinor: 1_250_000n, reason: 'reasons.too-fast' }),
    plantedPayment({ ...old, ...named(), state: 'prompting', amountMinor: 40_000n, createdAtMs: now - 2 * HOUR_MS }),
  ];
  await plantPayments(database, inTrouble);
  const unknown = inTrouble[4]?.id ?? '';
  const { ids } = systemRuntime;
  const work = { attempts: 30, claimedBy: null, createdAtMs: now - DAY_MS, payload: JSON.stringify({ paymentId: id }) };
  await database.transaction(async (tx) => {
    await tx.update(TransferSchema, { id: inTrouble[2]?.id ?? '' }, { receipt: 'SGR4NDPL4N' });
    await tx.update(TransferSchema, { id: unknown }, { state: 'unknown', receipt: null, resultCode: '1037' });
    await tx.insert(OutboxRowSchema, {
      ...{ ...work, id: ids.next(), topic: 'payment.notice', workKey: `payment.notice:dead:${id}`, state: 'dead' },
      ...{ lastError: 'connect ECONNREFUSED 127.0.0.1:9999', dueAtMs: now - HOUR_MS, finishedAtMs: now - HOUR_MS },
    });
    await tx.insert(OutboxRowSchema, {
      ...{ ...work, id: ids.next(), topic: 'transfer.inquire', workKey: `transfer.inquire:${unknown}`, state: 'ready' },
      ...{ lastError: null, dueAtMs: now + DAY_MS, finishedAtMs: null, attempts: 2 },
      payload: JSON.stringify({ transferId: unknown }),
    });
    await tx.manager.update('message', { subjectId: id }, { state: 'failed', failure: 'UserInBlacklist' });
    const locked = { pinHash: 'x', pinLockedUntilMs: now + HOUR_MS };
    await tx.manager.update('customer', { msisdn: payer }, locked);
    await tx.manager.update(StaffMemberSchema, { roles: 'initiator' }, { lockedUntilMs: now + HOUR_MS });
  });
  await eventually('the biller was told', async () => {
    const delivery = await database.reader.findOneByOrFail(WebhookDeliverySchema, { state: 'delivered' });
    await database.transaction((tx) =>
      tx.update(WebhookDeliverySchema, { id: delivery.id }, { state: 'failed', attempts: 8 }),
    );
  });
  await control.optOut(payer ?? '', 'MALIPO');
  await eventually('her wish is kept', async () => {
    if ((await database.reader.countBy('sms_opt_out', {})) === 0) throw new Error('not yet');
  });
}

async function plantBreaks({ books }: TestService, { id, transferId }: Payment) {
  const deps = { runtime: systemRuntime, database: books.database, log: silentLog };
  const amount = { amountMinor: '50000', currency: 'KES' };
  const found = { detail: 'KES 500.00 here, KES 450.00 there', amount, party: 'maji-water' };
  await openBreak(deps, { ...found, breakType: 'differs-at-biller', subjectId: id, suggestedAction: 'correct-amount' });
  await openBreak(deps, { ...found, breakType: 'contradiction', subjectId: transferId ?? '' });
  const [open, proposed] = await books.breaks();
  return { open: open?.id ?? '', proposed: proposed?.id ?? '' };
}

interface Traces extends Pick<FullTown, 'payment' | 'person' | 'breaks'> {
  as(role: StaffRole): StaffBrowser;
}

/** Notes, acts with their reasons, a proposal, and who has taken something on. */
async function leaveTraces({ as, payment, person, breaks }: Traces): Promise<void> {
  const path = `/console/payments/${payment.id}`;
  const [support, finance] = [as('support'), as('finance')];
  const page = await support.get(path);
  const transfer = /name="transfer" value="([^"]+)"/.exec(page.html)?.[1] ?? '';
  await support.post(`${path}/note`, { body: 'Called twice: the meter shows nothing.\nShe calls again tomorrow.' });
  await support.post(`${path}/receipt`, { reason: 'she deleted the message' });
  await support.post(`${path}/refund`, { transfer, reason: 'paid for the wrong meter' });
  await support.post(`${person}/note`, { body: 'Prefers Swahili' });
  await finance.get(`/console/breaks/${breaks.proposed}`);
  const said = { resolution: 'explained', reason: 'the operator corrected its list' };
  await finance.post(`/console/breaks/${breaks.proposed}/propose`, said);
  const owner = /name="owner" value="([^"]+)"/.exec((await finance.get('/console/queues/breaks')).html)?.[1] ?? '';
  await finance.post('/console/queues/breaks/assign', { item: breaks.open, owner });
}

/** A week of payments, as the dashboard counts them. */
async function plantHours({ books }: TestService): Promise<void> {
  const now = Date.now();
  const week = Array.from({ length: 7 * 8 }, (_, hour) => {
    const createdAtMs = now - hour * 3 * HOUR_MS;
    const state = hour % 9 === 0 ? ('failed' as const) : ('posted' as const);
    const amountMinor = BigInt(10_000 + ((hour * 7_919) % 90_000));
    const billerId = hour % 3 === 0 ? 'jua-power' : 'maji-water';
    const postedAtMs = createdAtMs + 4_000 + ((hour * 1_733) % 30_000);
    return plantedPayment({
      reference: newReference(systemRuntime.chance),
      createdAtMs,
      state,
      amountMinor,
      billerId,
      postedAtMs,
      collectedAtMs: createdAtMs + 3_000,
    });
  });
  await plantPayments(books.database, week);
  const deps = { runtime: systemRuntime, database: books.database, timeZone: 'Africa/Nairobi' };
  await rebuildHours(deps, now - 8 * DAY_MS);
  await gatherHours(deps);
}

/** Tried, so that there is an answer, and given a second secret. */
async function tryEndpoint({ books }: TestService, administrator: StaffBrowser, ownerId: string): Promise<string> {
  const { id } = await books.database.reader.findOneByOrFail(WebhookEndpointSchema, { ownerId });
  const path = `/console/webhooks/${id}`;
  await administrator.get(path);
  await administrator.post(`${path}/test`, { reason: 'they ask whether it works' });
  await administrator.post(`${path}/rotate`, { hours: '24', reason: 'as every year' });
  return path;
}

async function plantExports({ books: { database } }: TestService): Promise<FullTown['exports']> {
  const finance = await database.reader.findOneByOrFail(StaffMemberSchema, { roles: 'finance' });
  const now = Date.now();
  const states = ['asked', 'running', 'done', 'broken-off'] as const;
  const runs = states.map((state): ExportRun => {
    const rows = state === 'asked' ? 0 : state === 'done' ? 5_000_000 : 1_234_567;
    return {
      ...{ id: systemRuntime.ids.next(), memberId: finance.id, list: 'payments', format: 'csv', numbers: 'masked' },
      ...{ query: 'state=posted', expectedRows: 5_000_000, writtenRows: rows, state, askedAtMs: now },
      // A run that is silent for a while counts as broken off.
      touchedAtMs: now + DAY_MS,
    };
  });
  await database.transaction((tx) => tx.manager.insert(ExportRunSchema, runs));
  const path = (state: ExportRun['state']) => `/console/exports/run/${runs.find((run) => run.state === state)?.id}`;
  return { asked: path('asked'), running: path('running'), done: path('done'), 'broken-off': path('broken-off') };
}

async function invite(administrator: StaffBrowser): Promise<string> {
  await administrator.get('/console/staff');
  const person = { name: 'Mary Atieno', email: 'mary@example.org', phone: '+254700000077', language: 'en' };
  const { html } = await administrator.post('/console/staff', { ...person, 'role-finance': 'yes' });
  const link = /\/console\/join\/[\w-]+/.exec(html)?.[0];
  if (!link) throw new Error(`no link: ${html}`);
  return link;
}

/** Payments of the town in this state, the newest first. */
export async function pathOf({ service }: FullTown, state: Payment['state']): Promise<string> {
  const { reader } = service.books.database;
  const { id } = await reader.findOneOrFail(PaymentSchema, { where: { state }, order: { createdAtMs: 'DESC' } });
  return `/console/payments/${id}`;
}
