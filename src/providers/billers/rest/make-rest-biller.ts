import type { BillerConnector } from '../contract.ts';
import type { RestBillerDeps } from './biller-api.ts';
import { cancelPayment } from './cancel-payment.ts';
import { readDueBills } from './due-bills.ts';
import { lookUpAccount } from './look-up.ts';
import { findPayment, postPayment } from './post-payment.ts';
import { readStatement } from './statement.ts';

/** A utility that implements docs/biller-api.openapi.yaml. */
export function makeRestBiller(deps: RestBillerDeps): BillerConnector {
  return {
    lookUp: (account, timeoutMs) => lookUpAccount(deps, account, timeoutMs),
    post: (request) => postPayment(deps, request),
    findByReference: (reference) => findPayment(deps, reference),
    cancel: (reference) => cancelPayment(deps, reference),
    statement: (day) => readStatement(deps, day),
    dueBills: (range) => readDueBills(deps, range),
  };
}
