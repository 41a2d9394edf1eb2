import { PaymentSchema } from '../../../src/domain/payments/index.ts';
import { settleTransfer, TransferEventSchema, TransferSchema } from '../../../src/money/transfers/index.ts';
import { type PlantedBug, spoilOperator, spoilTransactions } from './planted-bug.ts';

/** What touches money: prompts, bookings, evidence. */
export const MONEY_BUGS: readonly PlantedBug[] = [
  {
    name: 'new-reference-on-retry',
    fault: 'a booking that was not answered is sent to the biller again under a new reference',
    plant({ deps }) {
      const tries = new Map<string, number>();
      deps.connectors = new Map(
        [...deps.connectors].map(([id, one]) => [
          id,
          {
            ...one,
            findByReference: async () => ({ kind: 'absent' }),
            post(request) {
              const before = tries.get(request.reference) ?? 0;
              tries.set(request.reference, before + 1);
              const reference = before === 0 ? request.reference : `${request.reference}${before}`;
              return one.post({ ...request, reference });
            },
          },
        ]),
      );
    },
  },
  {
    name: 'prompt-again',
    fault: 'a payment prompt whose answer was lost is sent a second time',
    plant(service) {
      spoilOperator(service, (operator) => ({
        async collect(request) {
          const answer = await operator.collect(request);
          return answer.kind === 'unknown' ? operator.collect(request) : answer;
        },
      }));
    },
  },
  {
    name: 'prompt-uncommitted',
    fault: 'a prompt goes out before it is committed that it does',
    plant(service) {
      spoilTransactions(service, (tx) => ({
        async update(entity, where, patch) {
          const { state } = patch as { state?: unknown };
          if ((entity as unknown) === TransferSchema && state === 'submitted') return 1;
          return tx.update(entity, where, patch);
        },
      }));
    },
  },
  {
    name: 'silence-is-failure',
    fault: 'a prompt whose answer was lost is called failed',
    plant(service) {
      spoilOperator(service, (operator) => ({
        async collect(request) {
          const answer = await operator.collect(request);
          if (answer.kind !== 'unknown') return answer;
          return { kind: 'rejected', cause: 'busy', code: answer.code, description: answer.description };
        },
      }));
    },
  },
  {
    name: 'acknowledged-is-paid',
    fault: 'the acknowledgement of a prompt settles the transfer as paid',
    plant(service) {
      const { deps } = service;
      const settle = (reference: string) =>
        deps.database.transaction(async (tx) => {
          const transfer = await tx.findOne(TransferSchema, { reference });
          const paid = { rank: 'query', outcome: 'succeeded', code: '0', description: 'accepted' } as const;
          if (transfer) await settleTransfer(deps, tx, transfer.id, paid);
        });
      spoilOperator(service, (operator) => ({
        async collect(request) {
          const answer = await operator.collect(request);
          if (answer.kind === 'accepted') await settle(request.reference);
          return answer;
        },
      }));
    },
  },
  {
    name: 'pending-is-paid',
    fault: 'a query that says "still in flight" settles the transfer as paid',
    plant(service) {
      spoilOperator(service, (operator) => ({
        async queryCollection(ids, amount) {
          const evidence = await operator.queryCollection(ids, amount);
          return evidence.outcome === 'pending' ? { ...evidence, outcome: 'succeeded' } : evidence;
        },
      }));
    },
  },
  {
    name: 'list-unread',
    fault: "the operator's list is not read: money whose callback was lost is never found",
    plant(service) {
      spoilOperator(service, () => ({ pullMovements: async () => ({ kind: 'movements', movements: [] }) }));
    },
  },
  {
    name: 'receipt-is-not-a-key',
    fault: 'money that is announced by callback and by confirmation is booked twice',
    plant(service) {
      spoilOperator(service, (operator) => ({
        parsePaybillConfirmation(body) {
          const movement = operator.parsePaybillConfirmation(body);
          return movement && { ...movement, receipt: `${movement.receipt}X` };
        },
      }));
    },
  },
  {
    name: 'turn-is-not-a-key',
    fault: 'a confirmation that the gateway repeats makes a second payment',
    environment: { REPEAT_WINDOW_SECONDS: '0' },
    plant(service, _life, draw) {
      spoilTransactions(service, (tx) => ({
        async findOne(entity, where) {
          if ((entity as unknown) === PaymentSchema && 'requestKey' in where) return null;
          return tx.findOne(entity, where);
        },
        insertOnce(entity, row) {
          if ((entity as unknown) !== PaymentSchema) return tx.insertOnce(entity, row);
          const { requestKey } = row as unknown as { requestKey: string };
          const suffix = requestKey.startsWith('transfer:') ? '' : `-${draw.int(0, 999_999)}`;
          return tx.insertOnce(entity, { ...row, requestKey: `${requestKey}${suffix}` });
        },
      }));
    },
  },
  {
    name: 'change-without-event',
    fault: 'a transfer that fails changes its state without the event that says why',
    plant(service) {
      spoilTransactions(service, (tx) => ({
        async insert(entity, row) {
          const isFailure = (row as { toState?: string }).toState === 'failed';
          if ((entity as unknown) === TransferEventSchema && isFailure) return;
          await tx.insert(entity, row);
        },
      }));
    },
  },
];
