import type { Runtime } from '../../kernel/index.ts';
import type { Tx } from '../../platform/database/index.ts';
import { type ActorKind, type AuditEntry, AuditEntrySchema, AuditHeadSchema, HEAD_ID, NO_HASH } from './audit-entry.ts';

/** HMAC-SHA256 under a key derived from `DATA_KEY` for this alone. */
export interface AuditSigner {
  tag(bytes: Buffer, length: number): Buffer;
}

export interface AuditDeps {
  runtime: Runtime;
  auditSigner: AuditSigner;
}

/** Who acts, and from where. */
export interface Actor {
  kind: ActorKind;
  id: string;
  address: string;
  scope: string;
}

export interface Act {
  actor: Actor;
  act: string;
  subject: { kind: string; id: string };
  /** Whose affair it is: the actor's own, unless he acts on an organisation's. */
  scope?: string;
  /** In the actor's words; empty where none is asked for. */
  reason?: string;
  before?: Readonly<Record<string, unknown>>;
  after?: Readonly<Record<string, unknown>>;
}

const LONGEST_STATE = 10_000;
const HASH_BYTES = 32;

/** Appends an entry in the transaction of the act. */
export async function recordAct(deps: AuditDeps, tx: Tx, act: Act): Promise<AuditEntry> {
  const { ids, clock } = deps.runtime;
  const head = await lockHead(tx);
  const { actor, subject } = act;
  const unsigned = {
    id: ids.next(),
    position: head.position + 1,
    atMs: clock.now(),
    actorKind: actor.kind,
    actorId: actor.id.slice(0, 64),
    address: actor.address.slice(0, 64),
    scope: act.scope ?? actor.scope,
    act: act.act,
    subjectKind: subject.kind,
    subjectId: subject.id.slice(0, 64),
    reason: (act.reason ?? '').slice(0, 500),
    before: stateText(act.before),
    after: stateText(act.after),
    previousHash: head.hash,
  };
  const entry: AuditEntry = { ...unsigned, hash: hashOf(deps.auditSigner, unsigned) };
  await tx.insert(AuditEntrySchema, entry);
  await tx.update(AuditHeadSchema, { id: HEAD_ID }, { position: entry.position, hash: entry.hash });
  return entry;
}

async function lockHead(tx: Tx): Promise<{ position: number; hash: string }> {
  const head = await tx.lockOne(AuditHeadSchema, { id: HEAD_ID });
  if (head) return head;
  const first = { id: HEAD_ID, position: 0, hash: NO_HASH };
  if (await tx.insertOnce(AuditHeadSchema, first)) return first;
  // Another process made it between our look and now.
  return (await tx.lockOne(AuditHeadSchema, { id: HEAD_ID })) ?? first;
}

function stateText(state: Readonly<Record<string, unknown>> | undefined): string | null {
  if (state === undefined) return null;
  const text = JSON.stringify(state, (_, value) => (typeof value === 'bigint' ? String(value) : value));
  return text.length <= LONGEST_STATE ? text : JSON.stringify({ tooLong: text.length });
}

/** The fields in a fixed order, so that two different entries never have the same text. */
export function hashOf(signer: AuditSigner, entry: Omit<AuditEntry, 'hash'>): string {
  const text = JSON.stringify([
    ...[entry.id, entry.position, entry.atMs, entry.actorKind, entry.actorId, entry.address, entry.scope, entry.act],
    ...[entry.subjectKind, entry.subjectId, entry.reason, entry.before, entry.after, entry.previousHash],
  ]);
  return signer.tag(Buffer.from(text), HASH_BYTES).toString('hex');
}
