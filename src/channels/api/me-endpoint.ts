import { z } from 'zod';
import { KEY_SCOPES } from '../../domain/organisations/index.ts';
import { answerShapes, type Caller, type Endpoint, get } from './endpoint.ts';
import { Id, Instant, instantOf, instantOrNull } from './shapes.ts';

const MeShape = z
  .object({
    organisation: z.object({
      id: Id,
      name: z.string(),
      state: z.enum(['applying', 'active', 'suspended']).describe('Only an active one pays'),
      currency: z.string().length(3),
      country: z.string().length(2),
    }),
    key: z.object({
      id: Id,
      name: z.string(),
      hint: z.string().describe('By which people tell keys apart: it is the part behind `mlp_`'),
      scopes: z.array(z.enum(KEY_SCOPES)),
      createdAt: Instant,
      endsAt: Instant.nullable().describe('From then on it is refused; null: no end is set'),
    }),
  })
  .register(answerShapes, { id: 'Me' });

export const meEndpoint: Endpoint = get({
  id: 'readMe',
  path: '/v1/me',
  tag: 'Key',
  summary: 'Whose key this is, and what it may do',
  scope: null,
  answers: { 200: { about: 'The organisation and the key', shape: MeShape } },
  examples: [
    {
      name: 'me',
      status: 200,
      answer: {
        organisation: {
          ...{ id: '019ac000-0000-7000-8000-000000000001', name: 'Tumaini Distributors', state: 'active' },
          ...{ currency: 'KES', country: 'KE' },
        },
        key: {
          ...{ id: '019ac000-0000-7000-8000-000000000002', name: 'payroll server', hint: '4f1d20c7' },
          scopes: KEY_SCOPES,
          ...{ createdAt: '2026-11-20T08:00:00.000Z', endsAt: null },
        },
      },
    },
  ],
  handle: async (call) => ({ status: 200, body: showMe(call) }),
});

function showMe({ organisation, key }: Caller): z.input<typeof MeShape> {
  const { id, name, state, currency, country } = organisation;
  return {
    organisation: { id, name, state, currency, country },
    key: {
      ...{ id: key.id, name: key.name, hint: key.hint },
      scopes: KEY_SCOPES.filter((scope) => key.scopes.split(' ').includes(scope)),
      ...{ createdAt: instantOf(key.createdAtMs), endsAt: instantOrNull(key.endsAtMs) },
    },
  };
}
