import { Refusal, type Runtime } from '../../kernel/index.ts';
import type { Database, Tx } from '../../platform/database/index.ts';
import type { Sealing } from '../../platform/sealing/index.ts';
import { type IdempotentRequest, IdempotentRequestSchema } from './api-key.ts';

export interface AnswerOnceDeps {
  runtime: Runtime;
  database: Database;
  sealing: Sealing;
}

/** A request that its sender names, so that it may be sent again. */
export interface NamedRequest {
  organisationId: string;
  /** The sender's name for it, 1 to 100 characters. */
  idempotencyKey: string;
  /** SHA-256 of method, path and body in hex. */
  requestHash: string;
}

export interface KeptAnswer {
  status: number;
  body: string;
}

/** What an act is given to be done once. */
export interface Once {
  /** Commits the answer with the fact that it tells of; refuses when another has taken the request over. */
  keep(tx: Tx, answer: KeptAnswer): Promise<void>;
  /**
   * The same for every try of this request, unique within all: for an act that takes more than one transaction, as the unique key
   * under which its parts find what an earlier try has done.
   */
  actKey: string;
}

/** Longer than any act takes: whoever has not answered by then has died. */
export const TAKEN_OVER_AFTER_MS = 60_000;

/**
 * Acts on a request once, and gives the same answer to every repeat of it. The request is noted before the act, the answer is committed with
 * the fact (`keep`). A process that dies before that commit has done nothing, and one that dies after it has answered: so what is still without an answer
 * after a minute is acted on again. `onRefusal` gives the answer that a `Refusal` of the act is kept as; another error leaves no trace, the next try acts again.
 * Refuses another request under the same name (`request.key-reused`) and one that is under way (`request.under-way`).
 */
export async function answerOnce(
  deps: AnswerOnceDeps,
  request: NamedRequest,
  act: (once: Once) => Promise<KeptAnswer>,
  onRefusal: (refusal: Refusal) => KeptAnswer,
): Promise<KeptAnswer & { isRepeat: boolean }> {
  const claim = await claimRequest(deps, request);
  if (claim.status !== 0) {
    return { status: claim.status, body: deps.sealing.open(claim.sealedBody ?? ''), isRepeat: true };
  }
  const keep = async (tx: Tx, answer: KeptAnswer): Promise<void> => {
    const mine = { id: claim.id, status: 0, claimedAtMs: claim.claimedAtMs };
    const patch = { status: answer.status, sealedBody: deps.sealing.seal(answer.body) };
    if ((await tx.update(IdempotentRequestSchema, mine, patch)) === 0) throw new Refusal('request.under-way');
  };
  let isKept = false;
  const once: Once = {
    actKey: claim.id,
    async keep(tx, answer) {
      await keep(tx, answer);
      tx.afterCommit(() => {
        isKept = true;
      });
    },
  };
  const answer = await actOrRefuse(deps, claim, () => act(once), onRefusal);
  if (!isKept) await deps.database.transaction((tx) => keep(tx, answer));
  return { ...answer, isRepeat: false };
}

async function actOrRefuse(
  { database }: AnswerOnceDeps,
  claim: IdempotentRequest,
  act: () => Promise<KeptAnswer>,
  onRefusal: (refusal: Refusal) => KeptAnswer,
): Promise<KeptAnswer> {
  try {
    return await act();
  } catch (error) {
    if (error instanceof Refusal && error.code !== 'request.under-way') return onRefusal(error);
    // Nobody has to wait for the minute to be over.
    const mine = { id: claim.id, status: 0, claimedAtMs: claim.claimedAtMs };
    await database.transaction((tx) => tx.update(IdempotentRequestSchema, mine, { claimedAtMs: 0 }));
    throw error;
  }
}

/** Notes the request, or finds it: with its answer, or taken over from one that died. */
function claimRequest({ runtime, database }: AnswerOnceDeps, request: NamedRequest): Promise<IdempotentRequest> {
  const { organisationId, idempotencyKey, requestHash } = request;
  return database.transaction(async (tx) => {
    const now = runtime.clock.now();
    const fresh: IdempotentRequest = {
      ...{ id: runtime.ids.next(), organisationId, idempotencyKey, requestHash },
      ...{ status: 0, sealedBody: null, createdAtMs: now, claimedAtMs: now },
    };
    const known = await tx.lockOne(IdempotentRequestSchema, { organisationId, idempotencyKey });
    if (!known) {
      if (await tx.insertOnce(IdempotentRequestSchema, fresh)) return fresh;
      // Another came between the two statements. To lock its row now could be a deadlock among several who did.
      throw new Refusal('request.under-way');
    }
    if (known.requestHash !== requestHash) throw new Refusal('request.key-reused');
    if (known.status !== 0) return known;
    if (known.claimedAtMs > now - TAKEN_OVER_AFTER_MS) throw new Refusal('request.under-way');
    await tx.update(IdempotentRequestSchema, { id: known.id }, { claimedAtMs: now });
    return { ...known, claimedAtMs: now };
  });
}
