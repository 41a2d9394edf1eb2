import { ApprovalSchema } from '../../../src/domain/approvals/index.ts';
import { settleTransfer, TransferSchema } from '../../../src/money/transfers/index.ts';
import type { PayoutOperator } from '../../../src/providers/operators/index.ts';
import type { Service } from '../../../src/wiring/service.ts';
import { type PlantedBug, spoilTransactions } from './planted-bug.ts';

function spoilPayouts({ deps }: Service, spoil: (operator: PayoutOperator) => Partial<PayoutOperator>): void {
  deps.payoutOperators = new Map([...deps.payoutOperators].map(([name, one]) => [name, { ...one, ...spoil(one) }]));
}

const inPayouts: readonly PlantedBug[] = [
  {
    name: 'payout-again',
    fault: 'a payout whose answer was lost is asked for again under another reference',
    plant(service) {
      spoilPayouts(service, (operator) => ({
        async pay(request) {
          const answer = await operator.pay(request);
          return answer.kind === 'unknown' ? operator.pay({ ...request, reference: `${request.reference}X` }) : answer;
        },
      }));
    },
  },
  {
    name: 'lost-payout-is-failure',
    fault: 'a payout whose answer was lost is called failed, and its money given back',
    plant(service) {
      spoilPayouts(service, (operator) => ({
        async pay(request) {
          const answer = await operator.pay(request);
          if (answer.kind !== 'unknown') return answer;
          const { code, description } = answer;
          return { kind: 'rejected', cause: 'number-refused', code, description };
        },
      }));
    },
  },
  {
    name: 'accepted-payout-is-paid',
    fault: 'the acknowledgement of a payout settles it as paid',
    plant(service) {
      const { deps } = service;
      spoilPayouts(service, (operator) => ({
        async pay(request) {
          const answer = await operator.pay(request);
          if (answer.kind !== 'accepted') return answer;
          await deps.database.transaction(async (tx) => {
            const transfer = await tx.findOne(TransferSchema, { reference: request.reference });
            const paid = { rank: 'query', outcome: 'succeeded', code: '0', description: 'accepted' } as const;
            if (transfer) await settleTransfer(deps, tx, transfer.id, paid);
          });
          return answer;
        },
      }));
    },
  },
  {
    name: 'refused-repeat-is-failure',
    fault: 'that the operator refuses the repeat of a payout is taken as proof that the first one failed',
    plant(service) {
      const { deps } = service;
      spoilPayouts(service, (operator) => ({
        async pay(request) {
          const answer = await operator.pay(request);
          if (answer.kind !== 'known-before') return answer;
          const { code, description } = answer;
          await deps.database.transaction(async (tx) => {
            const transfer = await tx.findOne(TransferSchema, { reference: request.reference });
            const failed = { rank: 'query', outcome: 'failed', cause: 'number-refused', code, description } as const;
            if (transfer) await settleTransfer(deps, tx, transfer.id, failed);
          });
          return answer;
        },
      }));
    },
  },
  {
    name: 'maker-grants-batch',
    fault: 'who made a batch may agree to it',
    plant(service) {
      spoilTransactions(service, (tx) => ({
        async lockOne(entity, where) {
          const row = await tx.lockOne(entity, where);
          const isOfBatch = (row as { kind?: string } | null)?.kind === 'payout-batch';
          return row && isOfBatch && (entity as unknown) === ApprovalSchema ? { ...row, makers: '[]' } : row;
        },
      }));
    },
  },
];

/** What touches money that an organisation pays out. */
export const PAYOUT_BUGS: readonly PlantedBug[] = inPayouts.map((bug) => ({
  ...bug,
  showsIn: ({ employer }) => employer !== undefined,
}));
