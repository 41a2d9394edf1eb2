import { ApprovalSchema } from '../../../src/domain/approvals/index.ts';
import { RefundSchema } from '../../../src/domain/refunds/index.ts';
import { type PlantedBug, spoilOperator, spoilTransactions } from './planted-bug.ts';

/** What touches money that goes back. */
export const REFUND_BUGS: readonly PlantedBug[] = [
  {
    name: 'refund-before-cancel',
    fault: 'money is paid back without the biller having given the payment up',
    plant({ deps }) {
      deps.connectors = new Map(
        [...deps.connectors].map(([id, one]) => [id, { ...one, cancel: async () => ({ kind: 'cancelled' }) }]),
      );
    },
  },
  {
    name: 'lost-reversal-is-failure',
    fault: 'a reversal whose answer was lost is called failed',
    plant(service) {
      spoilOperator(service, (operator) => ({
        async reverse(request) {
          const answer = await operator.reverse(request);
          if (answer.kind === 'rejected') return answer;
          return { kind: 'rejected', cause: 'refused', code: 'lost', description: 'no answer came' };
        },
        // By chance both answers are lost in one world of hundreds; in this one they always are.
        parseReversalResult: () => undefined,
      }));
    },
  },
  {
    name: 'parts-uncounted',
    fault: 'a part of a payment may be given back whatever was given back of it before',
    showsIn: ({ parts }) => parts,
    plant(service) {
      spoilTransactions(service, ({ manager }) => {
        const findBy: typeof manager.findBy = async (entity, where) =>
          (entity as unknown) === RefundSchema ? [] : manager.findBy(entity, where);
        return { manager: Object.assign(Object.create(manager), { findBy }) };
      });
    },
  },
  {
    name: 'maker-is-checker',
    fault: 'who proposed a refund may agree to it',
    plant(service) {
      spoilTransactions(service, (tx) => ({
        async lockOne(entity, where) {
          const row = await tx.lockOne(entity, where);
          return row && (entity as unknown) === ApprovalSchema ? { ...row, makers: '[]' } : row;
        },
      }));
    },
  },
];
