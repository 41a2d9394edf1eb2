import type Router from '@koa/router';
import { addCheckoutRoutes, type CheckoutDomain } from '../channels/checkout/index.ts';
import { lookUpAccount } from '../domain/accounts/index.ts';
import { checkAmount, checkPayer, findWebPayment, requestPayment, viewPayments } from '../domain/payments/index.ts';
import { makeNetworks } from '../platform/http/index.ts';
import { makeSigner } from '../platform/sealing/index.ts';
import type { Service } from './service.ts';

/** Binds the page to pay to the domain. */
export function addCheckout(router: Router, service: Service): { stop(): void } {
  const { runtime, config, log, deps } = service;
  const { business, ussd, web, checkout } = config;
  return addCheckoutRoutes(router, {
    runtime,
    log,
    texts: deps.texts,
    tallies: deps.tallies,
    domain: bindDomain(service),
    billers: deps.billers.all(),
    operator: deps.operators.get(deps.paymentSettings.operator)?.displayName ?? '',
    currency: business.currency,
    supportPhone: business.supportPhone,
    publicUrl: web.publicUrl,
    trustedProxies: makeNetworks(web.trustedProxies),
    limits: checkout,
    lookupTimeoutMs: ussd.lookupTimeoutMs,
    signer: makeSigner(config.dataKey, 'checkout tickets'),
    fingerprint: (token) => deps.sealing.fingerprint(token),
  });
}

/** Nobody dials: whoever fills in the page is not known. */
const dialler = null;

function bindDomain({ deps }: Service): CheckoutDomain {
  return {
    lookUpAccount: (input) => lookUpAccount(deps, input),
    checkPayer: ({ payerText }) => checkPayer(deps, { dialler, payerText }),
    checkAmount: (intent) => checkAmount(deps, { ...intent, dialler }),
    async requestPayment({ requestKey, ...bill }) {
      await requestPayment(deps, { ...bill, channel: 'web', turnKey: requestKey, sessionKey: null, dialler });
    },
    findPayment: (input) => findWebPayment(deps, input),
    viewPayments: (ids) => viewPayments(deps, ids),
    openLink: (code) => deps.payLinks.open(code),
  };
}
