import { z } from 'zod';
import { findClaim, listClaims, openClaim } from '../../domain/payout-batches/index.ts';
import { Refusal } from '../../kernel/index.ts';
import { PAID_ID } from './batch-examples.ts';
import { ClaimShape, ClaimStoryShape, NewClaimBody, showClaim, showClaimStory } from './claim-shapes.ts';
import { readCursor, writeCursor } from './cursor.ts';
import { type Endpoint, get, post } from './endpoint.ts';
import { problemExample } from './problems.ts';
import { Id, OneId, PageQuery, pageShape } from './shapes.ts';

const reading = { tag: 'Claims', scope: 'claims:read' } as const;
const CLAIM_ID = '019ac000-0000-7000-8000-000000000018';

const CLAIM = {
  ...{ id: CLAIM_ID, batchId: PAID_ID, rowId: '019ac000-0000-7000-8000-000000000128', row: 2, state: 'asked' },
  ...{ caseNumber: 'C-2026/118', reason: 'the number is another person’s', openedBy: 'person' },
  ...{ phone: '+254722000102', amount: '23500.00', currency: 'KES', name: 'Brian Kamau', reference: 'EMP-0018' },
  ...{ receipt: 'SKL7XW2P9R', openedAt: '2026-11-20T11:00:00.000Z', changedAt: '2026-11-20T13:30:00.000Z' },
  returnReceipt: null,
};

const openEndpoint = post({
  ...{ tag: 'Claims', scope: 'claims:write' },
  id: 'openClaim',
  path: '/v1/batches/{id}/rows/{row}/claim',
  summary: 'Say that a payout went to the wrong person',
  about:
    'No money moves by it: the row stays paid, and can be paid anew only when a statement of the operator shows the money back. Our staff asks the operator, and notes what it says. What a recipient proposed is opened by it.',
  params: z.strictObject({
    id: Id,
    row: z.coerce.number().int().min(1).max(1_000_000).meta({ description: 'Its number in the batch, from 1' }),
  }),
  body: NewClaimBody,
  answers: { 201: { about: 'It is opened', shape: ClaimShape } },
  problems: ['batch.row', 'claim.open'],
  examples: [
    {
      name: 'a wrong number',
      ...{ params: { id: PAID_ID, row: 1 }, body: { reason: 'the number was typed wrongly' }, status: 201 },
      answer: {
        ...{ ...CLAIM, id: '019ac000-0000-7000-8000-000000000019', rowId: '019ac000-0000-7000-8000-000000000127' },
        ...{ row: 1, state: 'opened', caseNumber: null, reason: 'the number was typed wrongly', openedBy: 'key' },
        ...{ phone: '+254711000101', amount: '20000.00', name: 'Achieng Otieno', reference: 'EMP-0017' },
        ...{ receipt: 'SKL7XW2P9Q', changedAt: '2026-11-20T11:00:00.000Z' },
      },
    },
    {
      name: 'one that has a claim',
      ...{ params: { id: PAID_ID, row: 2 }, body: { reason: 'the number was typed wrongly' }, status: 409 },
      answer: problemExample('claim.open', { state: 'asked' }),
    },
  ],
  handle(act) {
    const { organisation, params, actor, body } = act;
    const { id: batchId, row: rowNo } = params;
    const wanted = { batchId, organisationId: organisation.id, rowNo, reason: body.reason };
    return act.commit(
      (deps) => openClaim(deps, actor, wanted),
      (claim) => ({ status: 201, body: showClaim(claim) }),
    );
  },
});

const ClaimQuery = PageQuery.extend({
  state: z
    .enum(['open', 'all'])
    .default('all')
    .describe('open: somebody must do something about it: proposed, opened, asked or granted'),
  batchId: Id.optional().describe('Of this batch alone'),
});

const listEndpoint = get({
  ...reading,
  id: 'listClaims',
  path: '/v1/claims',
  summary: 'Claims of payouts that went wrong',
  about: 'The newest first. One row has one claim at most.',
  query: ClaimQuery,
  answers: { 200: { about: 'A page of them', shape: pageShape('ClaimPage', ClaimShape) } },
  examples: [
    {
      name: 'those of a batch',
      query: { state: 'open', batchId: PAID_ID, limit: 10 },
      status: 200,
      answer: { data: [CLAIM], next: null },
    },
  ],
  async handle({ deps, organisation, query }) {
    const { state: which, batchId, limit } = query;
    const beforeId = readCursor(query.after, Id);
    const wanted = { organisationId: organisation.id, which, batchId, beforeId, limit };
    const { claims, next } = await listClaims(deps, wanted);
    return { status: 200, body: { data: claims.map(showClaim), next: next === undefined ? null : writeCursor(next) } };
  },
});

const readEndpoint = get({
  ...reading,
  id: 'readClaim',
  path: '/v1/claims/{id}',
  summary: 'How far a claim is',
  params: OneId,
  answers: { 200: { about: 'As it stands, and what was said of it', shape: ClaimStoryShape } },
  examples: [
    {
      name: 'asked',
      params: { id: CLAIM_ID },
      status: 200,
      answer: {
        ...CLAIM,
        history: [
          { state: 'opened', reason: 'the number is another person’s', at: '2026-11-20T11:00:00.000Z' },
          { state: 'asked', reason: 'by letter to the operator', at: '2026-11-20T13:30:00.000Z' },
        ],
      },
    },
  ],
  async handle({ deps, organisation, params }) {
    const claim = await findClaim(deps, { id: params.id, organisationId: organisation.id });
    if (!claim) throw new Refusal('request.not-found');
    return { status: 200, body: showClaimStory(claim) };
  },
});

/** A key opens a claim. What becomes of it people say: ours with the operator, and its statement. */
export const claimEndpoints: readonly Endpoint[] = [openEndpoint, listEndpoint, readEndpoint];
