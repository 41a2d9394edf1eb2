import { createHash } from 'node:crypto';
import { loadBillers } from '../../src/domain/billers/index.ts';
import { FundingSchema, QuotationSchema } from '../../src/domain/funding/index.ts';
import {
  type ApiKey,
  ApiKeySchema,
  KEY_SCOPES,
  type Organisation,
  OrganisationSchema,
} from '../../src/domain/organisations/index.ts';
import {
  type PayoutBatch,
  PayoutBatchSchema,
  type PayoutRow,
  PayoutRowSchema,
} from '../../src/domain/payout-batches/index.ts';
import { type StaffMember, StaffMemberSchema } from '../../src/domain/staff/index.ts';
import {
  WebhookAttemptSchema,
  type WebhookDelivery,
  WebhookDeliverySchema,
  type WebhookEndpoint,
  WebhookEndpointSchema,
  WebhookEventSchema,
  WebhookSecretSchema,
} from '../../src/domain/webhooks/index.ts';
import type { Msisdn } from '../../src/kernel/index.ts';
import { systemRuntime } from '../../src/kernel/index.ts';
import { loadConfig } from '../../src/platform/config/index.ts';
import { startServer } from '../../src/platform/http/index.ts';
import { silentLog } from '../../src/platform/log/index.ts';
import { openService, type Service } from '../../src/wiring/service.ts';
import { buildWeb } from '../../src/wiring/web.ts';
import { environmentOf } from './service.ts';
import type { StorePair } from './stores.ts';

/** What the paper of the example's quotation shows beside its sums. */
const QUOTED_DETAILS = JSON.stringify({
  ...{ operator: 'mpesa', isEstimate: true },
  byBand: [
    {
      ...{ aboveMinor: '2000000', upToMinor: '2500000', chargeMinor: '1300', rows: 2 },
      ...{ totalMinor: '4350000', chargesMinor: '2600' },
    },
  ],
  fee: { basisPoints: 100, leastMinor: '10000', eachRowMinor: '0', taxBasisPoints: 1_600 },
});

/** Ids as the examples of the document have them. */
export const exampleId = (n: number): string => `019ac000-0000-7000-8000-${n.toString(16).padStart(12, '0')}`;

/** An organisation, a key that may everything, and the web role on a port. */
export interface ApiTown {
  service: Service;
  url: string;
  /** Text of the key. */
  key: string;
  addOrganisation(id: string, change?: Partial<Organisation>): Promise<Organisation>;
  /** The login that has made the key. */
  addPerson(id: string, personId: string): Promise<void>;
  addKey(text: string, change?: Partial<ApiKey>): Promise<ApiKey>;
  ask(method: string, path: string, options?: AskOptions): Promise<ApiAnswer>;
  stop(): Promise<void>;
}

export interface AskOptions {
  /** Text of a key; null: none is sent. */
  key?: string | null;
  body?: unknown;
  /** Instead of the body's JSON. */
  raw?: string | Uint8Array<ArrayBuffer>;
  headers?: Record<string, string>;
  /** Null: none is sent. */
  idempotencyKey?: string | null;
}

export interface ApiAnswer {
  status: number;
  headers: Headers;
  text: string;
  json: Record<string, unknown>;
}

export const TOWN_KEY = `mlp_00000001_${'1'.repeat(64)}`;
const NOW_MS = Date.UTC(2026, 10, 20, 9);

export async function openApiTown(stores: StorePair, env: Record<string, string> = {}): Promise<ApiTown> {
  const runtime = systemRuntime;
  const environment = environmentOf(stores, { web: 1, simulator: 1 }, { SIMULATORS: 'on', ...env });
  const config = loadConfig(
    environment,
    loadBillers('menus/billers.yaml')
      .all()
      .map(({ id }) => id),
  );
  const resolveHost = async (name: string) => {
    if (name.endsWith('.tumaini.example')) return ['198.51.99.7'];
    throw new Error('the name has no address');
  };
  const service = await openService(runtime, config, silentLog, { resolveHost });
  const web = await buildWeb(service);
  const server = await startServer(web.app, { port: 0, host: '127.0.0.1', clock: runtime.clock });
  const { database } = service.deps;
  const url = `http://127.0.0.1:${server.port}`;
  let asked = 0;
  const town: ApiTown = {
    ...{ service, url, key: TOWN_KEY },
    async addOrganisation(id, change = {}) {
      const organisation = { ...organisationRow(id), ...change };
      await database.transaction((tx) => tx.insert(OrganisationSchema, organisation));
      return organisation;
    },
    async addPerson(id, personId) {
      const { ids } = runtime;
      const member: StaffMember = {
        ...{ id, personId, scope: exampleId(1), email: `${ids.next()}@tumaini.example`, name: 'Njeri Mwangi' },
        ...{ phone: '+254711000001' as Msisdn, language: 'en', state: 'active', roles: 'administrator' },
        ...{ passwordHash: 'none', sealedSecret: 'none', lastTimeStep: 0, failures: 0, lockedUntilMs: null },
        createdAtMs: NOW_MS,
      };
      await database.transaction((tx) => tx.insert(StaffMemberSchema, member));
    },
    async addKey(text, change = {}) {
      const key = { ...keyRow(text), id: runtime.ids.next(), ...change };
      await database.transaction((tx) => tx.insert(ApiKeySchema, key));
      return key;
    },
    async ask(method, path, { key = TOWN_KEY, body, raw, headers = {}, idempotencyKey } = {}) {
      asked += 1;
      const name = idempotencyKey === undefined ? `test-${asked}` : idempotencyKey;
      const sent = raw ?? (body === undefined ? undefined : JSON.stringify(body));
      const response = await fetch(`${url}${path}`, {
        method,
        ...(sent === undefined ? {} : { body: sent }),
        headers: {
          ...(sent === undefined ? {} : { 'content-type': 'application/json' }),
          ...(key === null ? {} : { authorization: `Bearer ${key}` }),
          ...(name === null || method === 'GET' ? {} : { 'idempotency-key': name }),
          ...headers,
        },
      });
      const text = await response.text();
      const isJson = /json/.test(response.headers.get('content-type') ?? '');
      return { status: response.status, headers: response.headers, text, json: isJson ? JSON.parse(text) : {} };
    },
    async stop() {
      await server.stop();
      await web.stop();
      await service.close();
    },
  };
  await town.addOrganisation(exampleId(1));
  await town.addKey(TOWN_KEY, { id: exampleId(2) });
  return town;
}

function organisationRow(id: string): Organisation {
  return {
    ...{ id, name: 'Tumaini Distributors', registrationNumber: `PVT-${id.slice(-12)}`, state: 'active' },
    ...{ currency: 'KES', country: 'KE', language: 'en', operator: 'mpesa', shortCode: null, sealedInitiator: null },
    ...{ contactName: 'Njeri Mwangi', contactEmail: 'njeri@tumaini.example', contactPhone: '+254711000001' as Msisdn },
    ...{ leastMinor: 1_000n, mostMinor: 25_000_000n, mostBatchMinor: 5_000_000_000n, mostRows: 100_000 },
    ...{ mostDayMinor: 9_000_000_000n, purposes: 'salary promotion', approvalBands: null },
    ...{
      recipientNews: 'none',
      haltReason: null,
      haltDetail: null,
      haltedAtMs: null,
      retriedDay: null,
      retriedMinor: null,
      createdAtMs: NOW_MS,
    },
  };
}

function keyRow(text: string): Omit<ApiKey, 'id'> {
  return {
    ...{
      organisationId: exampleId(1),
      name: 'payroll server',
      hint: text.slice(4, 12),
      keyHash: createHash('sha256').update(text).digest('hex'),
    },
    ...{
      scopes: KEY_SCOPES.join(' '),
      createdBy: exampleId(0x50),
      createdAtMs: NOW_MS,
      lastUsedAtMs: null,
      endsAtMs: null,
    },
  };
}

/** What the examples of the document speak of. */
export async function plantExamples({ service }: ApiTown): Promise<void> {
  const { database, sealing } = service.deps;
  const owner = { ownerKind: 'organisation', ownerId: exampleId(1) } as const;
  const endpoint = (id: string, path: string, state: 'enabled' | 'disabled'): WebhookEndpoint => ({
    ...{ id, ...owner, url: `https://pay.tumaini.example/${path}`, eventTypes: '', state, reason: 'added' },
    ...{ createdAtMs: NOW_MS, changedAtMs: NOW_MS },
  });
  const delivery = (id: string, endpointId: string): WebhookDelivery => ({
    ...{ id, eventId: exampleId(6), endpointId, state: 'failed', dueAtMs: NOW_MS, claimedBy: null, tries: 10 },
    ...{ attempts: 10, createdAtMs: NOW_MS, finishedAtMs: NOW_MS },
  });
  await database.transaction(async (tx) => {
    await tx.insert(WebhookEndpointSchema, endpoint(exampleId(3), 'malipo', 'enabled'));
    await tx.insert(WebhookEndpointSchema, endpoint(exampleId(4), 'second', 'disabled'));
    const sealedSecret = sealing.seal(`whsec_${Buffer.alloc(32, 1).toString('base64')}`);
    for (const n of [3, 4]) {
      const secret = { id: exampleId(0x20 + n), endpointId: exampleId(n), sealedSecret };
      await tx.insert(WebhookSecretSchema, { ...secret, createdAtMs: NOW_MS, endsAtMs: null });
    }
    for (const [n, state] of [
      [0x10, 'draft'],
      [0x11, 'ready'],
      [0x12, 'submitted'],
      [0x13, 'paid'],
      [0x14, 'draft'],
    ] as const) {
      await tx.insert(PayoutBatchSchema, batchRow(n, state));
      for (const rowNo of [1, 2]) await tx.insert(PayoutRowSchema, payoutRow(n, rowNo, state));
    }
    await tx.insert(QuotationSchema, {
      ...{ id: exampleId(0x30), organisationId: exampleId(1), number: 'Q7K2M9QX4T', currency: 'KES', rows: 2 },
      ...{ totalMinor: 4_350_000n, chargesMinor: 2_600n, feeMinor: 43_500n, taxMinor: 6_960n, details: QUOTED_DETAILS },
      ...{ validUntilDay: '2099-12-31', createdBy: 'staff:test', createdAtMs: NOW_MS },
    });
    await tx.insert(FundingSchema, {
      ...{ id: exampleId(0x31), organisationId: exampleId(1), quotationId: exampleId(0x30), reference: 'F4XK7QPM2T' },
      ...{ currency: 'KES', amountMinor: 4_403_060n, state: 'expected', orderNumber: null, orderMinor: null },
      ...{ claimedStep: null, claimedBy: null, claimEvidence: null, claimedAtMs: null, expectedAtMs: NOW_MS },
      ...{ bankedAtMs: null, bankEvidence: null, availableAtMs: null, moveEvidence: null },
    });
    await tx.insert(WebhookEventSchema, {
      ...{ id: exampleId(6), ...owner, eventType: 'batch.closed', factKey: 'batch:1:closed', body: '{}' },
      createdAtMs: NOW_MS,
    });
    await tx.insert(WebhookDeliverySchema, delivery(exampleId(5), exampleId(3)));
    await tx.insert(WebhookDeliverySchema, delivery(exampleId(7), exampleId(4)));
    await tx.insert(WebhookAttemptSchema, {
      ...{ id: exampleId(8), eventId: exampleId(6), deliveryId: exampleId(5), attempt: 10, startedAtMs: NOW_MS },
      ...{ durationMs: 80, status: 503, answer: 'down for maintenance' },
    });
  });
}

function batchRow(n: number, state: PayoutBatch['state']): PayoutBatch {
  const isPaid = state === 'paid';
  return {
    ...{ id: exampleId(n), organisationId: exampleId(1), number: `B7K2M9QX${n}`, name: 'Salaries November' },
    ...{ purpose: 'salary', currency: 'KES', operator: 'mpesa', state, version: 1, listId: null, titles: null },
    ...{ contentHash: state === 'draft' ? null : 'a'.repeat(64), previousId: null, scheduleId: null, rows: 2 },
    ...{ totalMinor: 4_350_000n, chargesMinor: 2_600n, feeMinor: 43_500n, taxMinor: 6_960n, reservedAtMs: null },
    ...{ makers: JSON.stringify(['somebody']), approvalId: null, hours: 'at-once', notBeforeMs: null },
    ...{ pauseReason: null, pauseDetail: null, pausedBy: null, pausedAtMs: null, createdAtMs: NOW_MS },
    ...{ submittedAtMs: null, approvedAtMs: null, startedAtMs: isPaid ? NOW_MS : null },
    ...{ finishedAtMs: isPaid ? NOW_MS + 60_000 : null, closedAtMs: null },
  };
}

function payoutRow(n: number, rowNo: number, state: PayoutBatch['state']): PayoutRow {
  const isPaid = state === 'paid';
  return {
    ...{ id: exampleId(0x100 + n * 2 + rowNo), batchId: exampleId(n), rowNo, state: isPaid ? 'paid' : 'ready' },
    ...{
      msisdn: `+25471100010${rowNo}` as Msisdn,
      amountMinor: rowNo === 1 ? 2_000_000n : 2_350_000n,
      currency: 'KES',
    },
    ...{ name: 'Achieng Otieno', reference: `EMP-001${rowNo}`, extra: null, warnings: null, transferId: null },
    ...{ receipt: isPaid ? `SKL7XW2P9${rowNo}` : null, failureCause: null, paidAtMs: isPaid ? NOW_MS : null },
    ...{
      changedAtMs: NOW_MS,
      nameScore: null,
      replacesRowId: null,
      askedAtMs: null,
      answer: null,
      answeredAtMs: null,
      untoldAtMs: null,
    },
  };
}
