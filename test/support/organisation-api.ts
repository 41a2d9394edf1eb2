import { createHash } from 'node:crypto';
import { loadBillers } from '../../src/domain/billers/index.ts';
import {
  type ApiKey,
  ApiKeySchema,
  KEY_SCOPES,
  type Organisation,
  OrganisationSchema,
} from '../../src/domain/organisations/index.ts';
import { type StaffMember, StaffMemberSchema } from '../../src/domain/staff/index.ts';
import type { Msisdn } from '../../src/kernel/index.ts';
import { systemRuntime } from '../../src/kernel/index.ts';
import { loadConfig } from '../../src/platform/config/index.ts';
import { startServer } from '../../src/platform/http/index.ts';
import { silentLog } from '../../src/platform/log/index.ts';
import { openService, type Service } from '../../src/wiring/service.ts';
import { buildWeb } from '../../src/wiring/web.ts';
import { environmentOf } from './service.ts';
import type { StorePair } from './stores.ts';

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
export const NOW_MS = Date.UTC(2026, 10, 20, 9);

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
