import { MessageSchema, SEND_MESSAGE, sendMessage } from '../../../src/domain/messages/index.ts';
import { transferEvent } from '../../../src/money/transfers/index.ts';
import { type PlantedBug, spoilTransactions } from './planted-bug.ts';

/** What touches work that must happen: the outbox, the inbox, messages, the log. */
export const WORK_BUGS: readonly PlantedBug[] = [
  {
    name: 'answered-before-kept',
    fault: 'a callback is acknowledged before it is stored',
    plant({ deps }, life) {
      const { keep } = deps.inbox;
      deps.inbox.keep = async (arrival) => {
        void life.sleep(200).then(() => keep(arrival));
        return true;
      };
    },
  },
  {
    name: 'receipt-outside-outbox',
    fault: 'a message is sent by the way after the commit, not as work of the outbox',
    plant({ deps }) {
      const { emit } = deps.outbox;
      deps.outbox.emit = async (tx, work) => {
        if (work.topic !== SEND_MESSAGE) return emit(tx, work);
        const { messageId } = work.payload as { messageId: string };
        tx.afterCommit(() => void sendMessage(deps, { messageId }).catch(() => undefined));
        return true;
      };
    },
  },
  {
    name: 'done-before-work',
    fault: 'work is marked done when it is claimed, before it is done',
    plant({ deps }) {
      const { claim, finish } = deps.outbox;
      deps.outbox.claim = async (...args) => {
        const rows = await claim(...args);
        for (const row of rows) await finish(row);
        return rows;
      };
    },
  },
  {
    name: 'no-second-try',
    fault: 'work that failed is given up at once',
    plant({ deps }) {
      const { postpone, finish } = deps.outbox;
      deps.outbox.postpone = (row, dueAtMs, failed) => (failed === undefined ? postpone(row, dueAtMs) : finish(row));
    },
  },
  {
    name: 'failure-untold',
    fault: 'the news that a transfer failed is not passed on',
    plant({ deps }) {
      const { emit } = deps.outbox;
      deps.outbox.emit = async (tx, work) => (work.topic === transferEvent.failed ? true : emit(tx, work));
    },
  },
  {
    name: 'uncounted-repeat',
    fault: 'an SMS whose answer was lost is sent again and not counted',
    plant(service) {
      spoilTransactions(service, (tx) => ({
        update(entity, where, patch) {
          if ((entity as unknown) !== MessageSchema) return tx.update(entity, where, patch);
          const { lostAnswers: _, ...rest } = patch as Record<string, unknown>;
          return tx.update(entity, where, (Object.keys(rest).length > 0 ? rest : patch) as typeof patch);
        },
      }));
    },
  },
  {
    name: 'number-in-log',
    fault: 'the log says to whom an SMS goes',
    plant({ deps, log }) {
      const { sms } = deps;
      deps.sms = {
        ...sms,
        send(request) {
          log.info(`sending an SMS to ${request.to}`);
          return sms.send(request);
        },
      };
    },
  },
];
