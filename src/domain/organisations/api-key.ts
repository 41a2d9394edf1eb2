import { EntitySchema } from 'typeorm';
import { column } from '../../platform/database/index.ts';

/** What a key may do. None of them approves: a key is a maker, never a checker. */
export const KEY_SCOPES = [
  ...(['batches:read', 'batches:write', 'schedules:read', 'schedules:write', 'claims:read', 'claims:write'] as const),
  ...(['funding:read', 'funding:write', 'webhooks'] as const),
] as const;
export type KeyScope = (typeof KEY_SCOPES)[number];

/** A key by which an organisation's own system acts. Only its hash is kept. */
export interface ApiKey {
  id: string;
  organisationId: string;
  name: string;
  /** Its first characters, by which people tell keys apart. */
  hint: string;
  /** SHA-256 of the whole key, in hex. */
  keyHash: string;
  /** `KeyScope`s joined by spaces. */
  scopes: string;
  createdBy: string;
  createdAtMs: number;
  lastUsedAtMs: number | null;
  /** Past this it is refused: set when it is replaced or withdrawn. */
  endsAtMs: number | null;
}

export const ApiKeySchema = new EntitySchema<ApiKey>({
  name: 'api_key',
  columns: {
    id: column.id(),
    organisationId: { ...column.reference(), name: 'organisation_id' },
    name: column.varchar(80),
    hint: column.varchar(16),
    keyHash: { ...column.varchar(64), name: 'key_hash' },
    scopes: column.varchar(255),
    createdBy: { ...column.varchar(64), name: 'created_by' },
    createdAtMs: { ...column.instant(), name: 'created_at' },
    lastUsedAtMs: { ...column.instant({ nullable: true }), name: 'last_used_at' },
    endsAtMs: { ...column.instant({ nullable: true }), name: 'ends_at' },
  },
  indices: [
    { name: 'api_key_hash', columns: ['keyHash'], unique: true },
    { name: 'api_key_organisation', columns: ['organisationId', 'createdAtMs'] },
  ],
});

/** The answer to a request with an `Idempotency-Key`: a repeat of it is answered with the same. */
export interface IdempotentRequest {
  id: string;
  organisationId: string;
  idempotencyKey: string;
  /** SHA-256 of method, path and body: the same key for something else is refused. */
  requestHash: string;
  /** 0 while the first one is under way. */
  status: number;
  /** Sealed: an answer may hold a secret that is told once. */
  sealedBody: string | null;
  createdAtMs: number;
  /** When whoever acts on it began: long ago, it died. */
  claimedAtMs: number;
}

export const IdempotentRequestSchema = new EntitySchema<IdempotentRequest>({
  name: 'idempotent_request',
  columns: {
    id: column.id(),
    organisationId: { ...column.reference(), name: 'organisation_id' },
    idempotencyKey: { ...column.varchar(100), name: 'idempotency_key' },
    requestHash: { ...column.varchar(64), name: 'request_hash' },
    status: column.count(),
    sealedBody: { ...column.text({ nullable: true }), name: 'sealed_body' },
    createdAtMs: { ...column.instant(), name: 'created_at' },
    claimedAtMs: { ...column.instant(), name: 'claimed_at' },
  },
  indices: [
    { name: 'idempotent_request_key', columns: ['organisationId', 'idempotencyKey'], unique: true },
    { name: 'idempotent_request_created', columns: ['createdAtMs'] },
  ],
});
