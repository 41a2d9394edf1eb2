import { EntitySchema } from 'typeorm';
import { transitionTable } from '../../kernel/index.ts';
import { column } from '../../platform/database/index.ts';

/** Who is told: a biller by its id of menus/billers.yaml. */
export type OwnerKind = 'biller' | 'organisation';

export interface Owner {
  ownerKind: OwnerKind;
  ownerId: string;
}

/** enabled: is told. disabled: is told nothing, by staff's decision or because it answered 410. */
export type EndpointState = 'enabled' | 'disabled';

export const endpointStates = transitionTable<EndpointState>('webhook endpoint', ['enabled'], {
  enabled: ['disabled'],
  disabled: ['enabled'],
});

/** One address to which an owner's events go. */
export interface WebhookEndpoint extends Owner {
  id: string;
  url: string;
  /** Event types joined by commas; empty: all. */
  eventTypes: string;
  state: EndpointState;
  /** Why it is in that state. */
  reason: string;
  createdAtMs: number;
  changedAtMs: number;
}

export const WebhookEndpointSchema = new EntitySchema<WebhookEndpoint>({
  name: 'webhook_endpoint',
  columns: {
    id: column.id(),
    ownerKind: { ...column.varchar(16), name: 'owner_kind' },
    ownerId: { ...column.varchar(36), name: 'owner_id' },
    url: column.varchar(500),
    eventTypes: { ...column.varchar(255), name: 'event_types' },
    state: column.state(),
    reason: column.varchar(255),
    createdAtMs: { ...column.instant(), name: 'created_at' },
    changedAtMs: { ...column.instant(), name: 'changed_at' },
  },
  indices: [{ name: 'webhook_endpoint_owner', columns: ['ownerKind', 'ownerId', 'url'], unique: true }],
});

/** Who changed an endpoint, when and why. Appended only. */
export interface EndpointChange {
  id: string;
  endpointId: string;
  /** added, enabled, disabled, secret-rotated */
  change: string;
  actor: string;
  reason: string;
  atMs: number;
}

export const EndpointChangeSchema = new EntitySchema<EndpointChange>({
  name: 'webhook_endpoint_change',
  columns: {
    id: column.id(),
    endpointId: { ...column.reference(), name: 'endpoint_id' },
    change: column.varchar(24),
    actor: column.varchar(48),
    reason: column.varchar(255),
    atMs: { ...column.instant(), name: 'at' },
  },
  indices: [{ name: 'webhook_endpoint_change_endpoint', columns: ['endpointId'] }],
});

/** A secret of an endpoint: every one that has not ended signs. */
export interface WebhookSecret {
  id: string;
  endpointId: string;
  sealedSecret: string;
  createdAtMs: number;
  /** Null: until it is replaced. */
  endsAtMs: number | null;
}

export const WebhookSecretSchema = new EntitySchema<WebhookSecret>({
  name: 'webhook_secret',
  columns: {
    id: column.id(),
    endpointId: { ...column.reference(), name: 'endpoint_id' },
    sealedSecret: { ...column.varchar(255), name: 'sealed_secret' },
    createdAtMs: { ...column.instant(), name: 'created_at' },
    endsAtMs: { ...column.instant({ nullable: true }), name: 'ends_at' },
  },
  indices: [{ name: 'webhook_secret_endpoint', columns: ['endpointId'] }],
});
