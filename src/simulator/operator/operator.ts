import type { SimulatorAnswer, SimulatorReply, SimulatorRequest } from '../basis/index.ts';
import { type FaultyParty, type Served, serveWithFaults } from '../faults/index.ts';
import type { BookRecord } from '../journal/index.ts';
import { makeAccess } from './access.ts';
import { queryBalance } from './account-balance.ts';
import { darajaError } from './daraja-replies.ts';
import { makeOperatorBooks, type OperatorBooks } from './operator-books.ts';
import type { OperatorDeps } from './operator-deps.ts';
import { makePaybill, type Paybill } from './paybill.ts';
import { makePayerAccounts, type PayerAccounts } from './payer-accounts.ts';
import { makePayouts, type Payouts } from './payouts.ts';
import { makePromptShelf, type PromptShelf } from './prompt-shelf.ts';
import { makePrompts, type Prompts } from './prompts.ts';
import { pullTransactions } from './pull.ts';
import { requestReversal } from './reversal.ts';
import { pushPrompt, queryPrompt } from './stk-push.ts';
import { queryStatus } from './transaction-status.ts';

/** The fake of Safaricom's Daraja. Paths are the operator's own. */
export interface Operator {
  handle(request: SimulatorRequest): Promise<SimulatorAnswer>;
  readonly books: OperatorBooks;
  readonly shelf: PromptShelf;
  readonly prompts: Prompts;
  readonly paybill: Paybill;
  readonly payouts: Payouts;
  readonly accounts: PayerAccounts;
  restore(record: BookRecord): void;
  /** Rings again for what was waiting when the process ended. */
  resume(): void;
  /** Forgets everything but the registered paybill addresses. */
  reset(): void;
}

type Route = (request: SimulatorRequest) => Promise<Served> | Served;

export function makeOperator(deps: OperatorDeps): Operator {
  const { runtime } = deps;
  const accounts = makePayerAccounts(deps.config.operator);
  const books = makeOperatorBooks(runtime, accounts.isOwn);
  const shelf = makePromptShelf();
  const paybill = makePaybill({ ...deps, books });
  const prompts = makePrompts({ ...deps, books, shelf, announce: paybill.announce });
  const payouts = makePayouts({ ...deps, accounts }, books);
  const access = makeAccess({ runtime, config: deps.config.operator });
  const routes: Readonly<Record<string, Route>> = {
    'GET /oauth/v1/generate': (request) => ({ reply: access.grant(request) }),
    'POST /mpesa/stkpush/v1/processrequest': ({ body }) => pushPrompt(deps, prompts, body),
    'POST /mpesa/stkpushquery/v1/query': async ({ body }) => ({ reply: await queryPrompt(deps, shelf, body) }),
    'POST /mpesa/transactionstatus/v1/query': ({ body }) => queryStatus({ ...deps, accounts }, books, body),
    'POST /mpesa/reversal/v1/request': ({ body }) => requestReversal(deps, books, body),
    'POST /mpesa/b2c/v3/paymentrequest': ({ body }) => payouts.pay(body),
    'POST /mpesa/accountbalance/v1/query': ({ body }) => queryBalance({ ...deps, accounts }, books, body),
    'POST /mpesa/c2b/v2/registerurl': async ({ body }) => ({ reply: await paybill.register(body) }),
    'POST /pulltransactions/v1/query': ({ body }) => ({ reply: pullTransactions(deps, books, body) }),
  };
  const party = faultyParty(deps);
  return {
    books,
    shelf,
    prompts,
    paybill,
    payouts,
    accounts,
    handle(request) {
      const name = `${request.method} ${request.path}`;
      const route = routes[name];
      const open = name === 'GET /oauth/v1/generate';
      const plain = (reply: SimulatorReply): Served => ({ reply });
      return serveWithFaults(party(request.path), () => {
        if (!route) return plain(darajaError(runtime.ids, 404, '404.001.01', 'Resource not found'));
        const refusal = open ? undefined : access.refuse(request);
        return refusal ? plain(refusal) : route(request);
      });
    },
    restore(record) {
      accounts.restore(record);
      books.restore(record);
      shelf.restore(record);
      paybill.restore(record);
      payouts.restore(record);
    },
    resume() {
      for (const prompt of shelf.waiting()) void prompts.ring(prompt, false);
    },
    reset() {
      accounts.clear();
      books.clear();
      shelf.clear();
      payouts.clear();
    },
  };
}

function faultyParty({ runtime, faults, timers, log }: OperatorDeps): (path: string) => FaultyParty {
  const { ids } = runtime;
  const plain = {
    faults,
    timers,
    log,
    busyReply: (disguised: boolean) =>
      darajaError(ids, disguised ? 200 : 500, '500.003.02', 'Error Occurred: Spike Arrest Violation'),
    http500Reply: () => darajaError(ids, 500, '500.001.1000', 'Internal Server Error'),
  };
  return (path) => ({
    ...plain,
    refusal(kind) {
      if (kind === 'tokenRefused' && !path.startsWith('/oauth/')) {
        return darajaError(ids, 404, '404.001.03', 'Invalid Access Token');
      }
      if (kind === 'subscriberLocked' && path === '/mpesa/stkpush/v1/processrequest') {
        return darajaError(ids, 500, '500.001.1001', 'Unable to lock subscriber, a transaction is already in process');
      }
      return undefined;
    },
  });
}
