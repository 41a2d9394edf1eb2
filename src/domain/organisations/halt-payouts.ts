import type { Runtime } from '../../kernel/index.ts';
import type { Tx } from '../../platform/database/index.ts';
import type { Outbox } from '../../platform/outbox/index.ts';
import { lockOrganisation } from './may-pay.ts';
import { type HaltReason, type Organisation, OrganisationEventSchema, OrganisationSchema } from './organisation.ts';

interface HaltDeps {
  runtime: Runtime;
  outbox: Outbox;
}

/** News of this folder: `{organisationId}`; its batches go on. */
export const ORGANISATION_RELEASED = 'organisation.released';

export interface Halt {
  reason: HaltReason;
  /** In the operator's or the person's words. */
  detail: string;
  /** `operator`, `staff:<login>`. */
  actor: string;
}

/** Nothing of this organisation goes out from the commit on. False when it was halted before: the first reason stays. */
export async function haltPayouts(deps: HaltDeps, tx: Tx, organisationId: string, halt: Halt): Promise<boolean> {
  const organisation = await lockOrganisation(tx, organisationId);
  if (organisation.haltReason !== null) return false;
  const patch = {
    ...{ haltReason: halt.reason, haltDetail: halt.detail.slice(0, 255) },
    haltedAtMs: deps.runtime.clock.now(),
  };
  await tx.update(OrganisationSchema, { id: organisationId }, patch);
  await noteHalt(deps, tx, organisation, halt.actor, `halted: ${halt.detail}`);
  return true;
}

/** Its batches go on by themselves. False when it was not halted. Whoever calls has recorded who did it. */
export async function releasePayouts(
  deps: HaltDeps,
  tx: Tx,
  organisationId: string,
  { actor, reason }: { actor: string; reason: string },
): Promise<boolean> {
  const organisation = await lockOrganisation(tx, organisationId);
  if (organisation.haltReason === null) return false;
  await tx.update(OrganisationSchema, { id: organisationId }, { haltReason: null, haltDetail: null, haltedAtMs: null });
  await noteHalt(deps, tx, organisation, actor, `released: ${reason}`);
  const key = `${organisationId}:${deps.runtime.ids.next()}`;
  await deps.outbox.emit(tx, { topic: ORGANISATION_RELEASED, key, payload: { organisationId } });
  return true;
}

async function noteHalt(
  { runtime }: HaltDeps,
  tx: Tx,
  { id, state }: Organisation,
  actor: string,
  reason: string,
): Promise<void> {
  await tx.insert(OrganisationEventSchema, {
    ...{ id: runtime.ids.next(), organisationId: id, fromState: state, toState: state },
    ...{ actor: actor.slice(0, 48), reason: reason.slice(0, 500), atMs: runtime.clock.now() },
  });
}
