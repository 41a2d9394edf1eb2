import { z } from 'zod';
import { floatGauge } from '../../domain/float-gauge/index.ts';
import { formatDecimal } from '../../kernel/index.ts';
import { answerShapes, type Endpoint, get } from './endpoint.ts';
import { Amount, Currency, Id } from './shapes.ts';

const FloatShape = z
  .object({
    currency: Currency,
    available: Amount.describe('What you may spend now'),
    reserved: Amount.describe('Set aside for rows that are not decided yet'),
    fees: Amount.describe('Set aside for charges, our fee and tax'),
    incoming: Amount.describe('At the bank, not moved to the paybill yet'),
    missing: Amount.describe("What today's approved batches need beyond what is available; zero: all fit"),
    batches: z
      .array(
        z.object({
          id: Id,
          number: z.string(),
          name: z.string(),
          need: Amount,
          missing: Amount.describe('Zero: it fits'),
          isPaused: z.boolean(),
        }),
      )
      .describe('Approved, to be paid today, in the order in which their money is set aside'),
  })
  .register(answerShapes, { id: 'Float' });

export const floatEndpoint: Endpoint = get({
  ...{ tag: 'Money', scope: 'funding:read' },
  id: 'readFloat',
  path: '/v1/float',
  summary: 'What you may spend, and which batches it is enough for',
  answers: { 200: { about: 'By our ledger, now', shape: FloatShape } },
  examples: [
    {
      name: 'now',
      status: 200,
      answer: {
        ...{ currency: 'KES', available: '120000.00', reserved: '0.00', fees: '0.00', incoming: '50000.00' },
        missing: '0.00',
        batches: [],
      },
    },
  ],
  async handle({ deps, organisation }) {
    const gauge = await floatGauge(deps, organisation);
    const { currency } = gauge;
    const amount = (amountMinor: bigint) => formatDecimal({ amountMinor, currency });
    const body: z.input<typeof FloatShape> = {
      ...{ currency, available: amount(gauge.ownMinor), reserved: amount(gauge.reservedMinor) },
      ...{ fees: amount(gauge.feesMinor), incoming: amount(gauge.incomingMinor), missing: amount(gauge.missingMinor) },
      batches: gauge.batches.map(({ id, number, name, needMinor, missingMinor, isPaused }) => ({
        ...{ id, number, name, need: amount(needMinor), missing: amount(missingMinor), isPaused },
      })),
    };
    return { status: 200, body };
  },
});
