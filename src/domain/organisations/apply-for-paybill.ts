import { In, IsNull } from 'typeorm';
import { Refusal } from '../../kernel/index.ts';
import type { Tx } from '../../platform/database/index.ts';
import type { Actor } from '../audit/index.ts';
import {
  ApplicationEventSchema,
  type ApplicationState,
  applicationStates,
  type DocumentKind,
  NEEDED_DOCUMENTS,
  OrganisationDocumentSchema,
  type PaybillApplication,
  PaybillApplicationSchema,
} from './application.ts';
import { actorText, type OrganisationDeps, recordOrganisationAct } from './deps.ts';
import { lockOrganisation } from './may-pay.ts';

interface Step {
  organisationId: string;
  /** By when the next step is expected; null: not said. */
  dueAtMs: number | null;
  /** The operator's words, or what is missing. */
  note: string;
}

const LONGEST_NOTE = 500;

/** Begins the way to a paybill of its own; until it is approved nothing is paid. Refuses with `organisation.not-found` and `application.exists`. */
export async function openApplication(
  deps: OrganisationDeps,
  actor: Actor,
  { organisationId, appliedBy, dueAtMs, note }: Step & { appliedBy: PaybillApplication['appliedBy'] },
): Promise<void> {
  await deps.database.transaction(async (tx) => {
    await lockOrganisation(tx, organisationId);
    const application: PaybillApplication = {
      ...{ organisationId, appliedBy, state: 'documents-missing', dueAtMs, note: note.slice(0, LONGEST_NOTE) },
      ...{ openedAtMs: deps.runtime.clock.now(), submittedAtMs: null, decidedAtMs: null },
    };
    if (!(await tx.insertOnce(PaybillApplicationSchema, application))) throw new Refusal('application.exists');
    await recordStep(deps, tx, { actor, organisationId, from: 'none', to: 'documents-missing', reason: note });
    const after = { appliedBy, state: application.state, dueAtMs };
    await recordOrganisationAct(deps, tx, organisationId, {
      ...{ actor, act: 'application.opened', reason: note, after },
    });
  });
}

/**
 * The next step; or, to the state that it has, another due time and another note. Refuses with `application.not-found`, `application.state`
 * (`{state}`: this step does not follow) and `application.documents-missing` (`{kinds}`) before it is submitted.
 */
export async function moveApplication(
  deps: OrganisationDeps,
  actor: Actor,
  { organisationId, to, dueAtMs, note }: Step & { to: ApplicationState },
): Promise<void> {
  await deps.database.transaction(async (tx) => {
    // Its papers change under the same lock.
    await lockOrganisation(tx, organisationId);
    const application = await tx.lockOne(PaybillApplicationSchema, { organisationId });
    if (!application) throw new Refusal('application.not-found');
    const { state } = application;
    if (to !== state && !applicationStates.allows(state, to)) throw new Refusal('application.state', { state });
    if (to === 'submitted') await refuseIncomplete(tx, organisationId);
    const now = deps.runtime.clock.now();
    const isDecided = to === 'approved' || to === 'declined';
    const times = {
      submittedAtMs: to === 'submitted' && state !== to ? now : application.submittedAtMs,
      decidedAtMs: isDecided ? (application.decidedAtMs ?? now) : null,
    };
    const patch = { state: to, dueAtMs: isDecided ? null : dueAtMs, note: note.slice(0, LONGEST_NOTE), ...times };
    await tx.update(PaybillApplicationSchema, { organisationId }, patch);
    await recordStep(deps, tx, { actor, organisationId, from: state, to, reason: note });
    await recordOrganisationAct(deps, tx, organisationId, {
      ...{ actor, act: 'application.moved', reason: note },
      ...{ before: { state, dueAtMs: application.dueAtMs }, after: { state: to, dueAtMs: patch.dueAtMs } },
    });
  });
}

async function refuseIncomplete(tx: Tx, organisationId: string): Promise<void> {
  const there = await tx.manager.find(OrganisationDocumentSchema, {
    select: { id: true, kind: true },
    where: { organisationId, kind: In([...NEEDED_DOCUMENTS]), replacedAtMs: IsNull() },
  });
  const kinds = missingDocuments(there);
  if (kinds.length > 0) throw new Refusal('application.documents-missing', { kinds: kinds.join(', ') });
}

/** Of what an operator asks for, what is not there. */
export function missingDocuments(there: readonly { kind: DocumentKind }[]): DocumentKind[] {
  return NEEDED_DOCUMENTS.filter((kind) => !there.some((document) => document.kind === kind));
}

/** Its next step has been expected for some time. */
export function isOverdue({ dueAtMs }: Pick<PaybillApplication, 'dueAtMs'>, nowMs: number): boolean {
  return dueAtMs !== null && dueAtMs < nowMs;
}

/** Where an organisation's application stands; undefined: none was opened. */
export async function findApplication(
  { database }: Pick<OrganisationDeps, 'database'>,
  organisationId: string,
): Promise<PaybillApplication | undefined> {
  return (await database.reader.findOne(PaybillApplicationSchema, { where: { organisationId } })) ?? undefined;
}

function recordStep(
  { runtime }: OrganisationDeps,
  tx: Tx,
  step: {
    actor: Actor;
    organisationId: string;
    from: ApplicationState | 'none';
    to: ApplicationState;
    reason: string;
  },
): Promise<void> {
  const { actor, organisationId, from, to, reason } = step;
  return tx.insert(ApplicationEventSchema, {
    ...{ id: runtime.ids.next(), organisationId, fromState: from, toState: to },
    ...{ actor: actorText(actor), reason: reason.slice(0, LONGEST_NOTE), atMs: runtime.clock.now() },
  });
}
